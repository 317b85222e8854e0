import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'

/** `module`: what `go install` takes. `folder`: a program beside this file. The version of either is pinned. */
export type GoSource = { readonly module: string; readonly tags?: string } | { readonly folder: string }

/** Where the program is once it is built. */
export function goProgram(source: GoSource): string {
  const cache = join(import.meta.dirname, '..', '..', '.cache', 'interop')
  if ('folder' in source) return join(cache, source.folder, source.folder)
  const [path = '', version = ''] = source.module.split('@')
  const name = path.slice(path.lastIndexOf('/') + 1)
  return join(cache, `${name}-${version}`, name)
}

/** Whether anything can be built. */
export function hasGo(): boolean {
  return spawnSync('go', ['version']).status === 0
}

/** Resolves to why it failed. What was built before is used again. */
export async function buildGoProgram(source: GoSource, title: string): Promise<string | undefined> {
  const program = goProgram(source)
  // Go knows whether a program of ours has changed.
  if ('module' in source && existsSync(program)) return undefined
  console.log(`Building ${title}, which takes minutes once`)
  const folder = join(program, '..')
  await mkdir(folder, { recursive: true })
  const lanes = ['-p', String(Math.max(1, availableParallelism() - 1))]
  const args =
    'folder' in source
      ? ['build', ...lanes, '-o', program, '.']
      : ['install', ...lanes, ...(source.tags ? ['-tags', source.tags] : []), source.module]
  const { status, stderr } = spawnSync('nice', ['-n', '19', 'go', ...args], {
    cwd: join(import.meta.dirname, 'folder' in source ? source.folder : '.'),
    env: { ...process.env, GOBIN: folder, CGO_ENABLED: '0', GOFLAGS: '-buildvcs=false' },
    encoding: 'utf8',
    stdio: ['ignore', 'inherit', 'pipe'],
  })
  if (status === 0 && existsSync(program)) return undefined
  return stderr.trim().split('\n').slice(-2).join(' ').trim() || `go ended with ${status}`
}

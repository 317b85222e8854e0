import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { type EngineKind, engineLacks } from '../lib/testing/servers/container-engine.ts'
import { SERVERS, type ServerKind, serverProgram } from './interop/servers.ts'

/**
 * `npm run test:interop`: the contract suite on registries that are built from source for it, and archives in the
 * container engines that are installed. What cannot run here says so.
 */
const ROOT = join(import.meta.dirname, '..')
const ENGINES: readonly EngineKind[] = ['docker', 'podman']

process.exitCode = await main()

async function main(): Promise<number> {
  const missing: string[] = []
  const servers = await buildServers(missing)
  const engines = ENGINES.filter((kind) => {
    const lack = engineLacks(kind)
    if (lack) missing.push(`${kind} load and save did not run: ${lack}.`)
    return !lack
  })
  const exitCode = servers.length + engines.length > 0 ? runTests(servers, engines) : 0
  for (const line of missing) console.log(line)
  if (servers.length + engines.length === 0) console.log('No interoperability test ran.')
  return exitCode
}

async function buildServers(missing: string[]): Promise<ServerKind[]> {
  if (spawnSync('go', ['version']).status !== 0) {
    missing.push('No registry was built from source: Go is not installed.')
    return []
  }
  const ready: ServerKind[] = []
  for (const kind of Object.keys(SERVERS) as ServerKind[]) {
    const failure = await build(kind)
    if (failure === undefined) ready.push(kind)
    else missing.push(`${SERVERS[kind].title} did not run: it could not be built: ${failure}`)
  }
  return ready
}

/** Resolves to why it failed. What was built before is used again. */
async function build(kind: ServerKind): Promise<string | undefined> {
  const { title, source } = SERVERS[kind]
  const program = serverProgram(kind)
  // A program of ours may have changed; Go knows by itself whether it has.
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
    cwd: 'folder' in source ? join(ROOT, 'e2e', 'interop', source.folder) : ROOT,
    env: { ...process.env, GOBIN: folder, CGO_ENABLED: '0', GOFLAGS: '-buildvcs=false' },
    encoding: 'utf8',
    stdio: ['ignore', 'inherit', 'pipe'],
  })
  if (status === 0 && existsSync(program)) return undefined
  return stderr.trim().split('\n').slice(-2).join(' ').trim() || `go ended with ${status}`
}

function runTests(servers: readonly ServerKind[], engines: readonly EngineKind[]): number {
  const vitest = join(ROOT, 'node_modules', '.bin', 'vitest')
  const env = { ...process.env, LADING_INTEROP: servers.join(','), LADING_ENGINES: engines.join(',') }
  const files = [
    ...(servers.length > 0 ? ['interop.contract'] : []),
    ...(engines.length > 0 ? ['engines.contract'] : []),
  ]
  const args = ['run', '--config', 'e2e/interop/vitest.config.ts', ...files]
  return spawnSync(vitest, args, { cwd: ROOT, env, stdio: 'inherit' }).status ?? 1
}

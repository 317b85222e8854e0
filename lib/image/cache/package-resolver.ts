import { execFile } from 'node:child_process'
import { readFile, realpath } from 'node:fs/promises'
import { join, sep } from 'node:path'
import { promisify } from 'node:util'
import { parse } from 'yaml'
import { isRecord } from '../../oci/descriptor.ts'
import { FormatError } from '../../oci/format-error.ts'
import { formatFullReference, parseFullReference } from '../../oci/reference.ts'

const run = promisify(execFile)
const PREFIX = '@pkg:'
/** Of packages that name none. */
const ORGANISATION = 'linuxkit'

export interface PackageResolverOptions {
  /** The folder that package paths are in; nothing outside of it is read. */
  readonly root: string
}

/**
 * Resolves templates to names: `@pkg:./pkg/init` is the package whose `build.yml` is in that folder,
 * `<org>/<image>:<tag>`, where the tag's template (default `{{.Hash}}`) gets the git tree hash of the folder, with
 * `-dirty` where it differs from what is committed. Any other text is a reference already and is returned in full.
 * @throws FormatError `reference` for paths outside the root and for invalid packages
 */
export function createPackageResolver({ root }: PackageResolverOptions) {
  return async (template: string, { signal }: { signal?: AbortSignal } = {}): Promise<string> => {
    if (!template.startsWith(PREFIX)) return formatFullReference(parseFullReference(template))
    const folder = await folderOf(root, template)
    const build = await readBuild(folder, template)
    const org = typeof build.org === 'string' ? build.org : ORGANISATION
    const tag = typeof build.tag === 'string' ? build.tag : '{{.Hash}}'
    const hash = tag.includes('{{') ? await treeHash(folder, template, signal) : ''
    const filled = tag.replace(/\{\{\s*\.Hash\s*\}\}/g, hash)
    return formatFullReference(parseFullReference(`${org}/${build.image}:${filled}`))
  }
}

async function folderOf(root: string, template: string): Promise<string> {
  const home = await realpath(root)
  const folder = await realpath(join(home, template.slice(PREFIX.length))).catch(() => '')
  if (folder === home || folder.startsWith(home + sep)) return folder
  throw new FormatError('reference', template, `the path of a package inside ${root}`)
}

async function readBuild(folder: string, template: string): Promise<Record<string, unknown> & { image: string }> {
  const text = await readFile(join(folder, 'build.yml'), 'utf8').catch((cause: unknown) => {
    throw new FormatError('reference', template, 'a folder with a build.yml', { cause })
  })
  const build: unknown = parse(text)
  if (isRecord(build) && typeof build.image === 'string') return { ...build, image: build.image }
  throw new FormatError('reference', template, 'a build.yml with an image')
}

async function treeHash(folder: string, template: string, signal: AbortSignal | undefined): Promise<string> {
  const options = { cwd: folder, timeout: 10_000, signal }
  try {
    const { stdout: tree } = await run('git', ['rev-parse', 'HEAD:./'], options)
    const { stdout: changes } = await run('git', ['status', '--porcelain', '--', '.'], options)
    return `${tree.trim()}${changes.trim() ? '-dirty' : ''}`
  } catch (cause) {
    signal?.throwIfAborted()
    throw new FormatError('reference', template, 'a folder that is committed in a git repository', { cause })
  }
}

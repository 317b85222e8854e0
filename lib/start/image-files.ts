import { execFile } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, readlinkSync, realpathSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import type { NewTarEntry } from '../oci/encode-tar-header.ts'

/** A file of an image: its tar header, and where its bytes are. */
export interface ImageFile extends Omit<NewTarEntry, 'size'> {
  readonly content?: { readonly file: string } | { readonly text: string }
}

/** The user that Lading runs as. */
export const USER = 65532

/** What a Node binary needs to run and nothing else: itself, its shared libraries, certificates, names of users. */
export async function systemFiles(node: string): Promise<ImageFile[]> {
  const { stdout } = await promisify(execFile)('ldd', [node])
  const libraries = [...stdout.matchAll(/(?:=> )?(\/\S+) \(0x/g)].map(([, path = '']) => path)
  const certificates = ['/etc/ssl/certs/ca-certificates.crt', '/etc/pki/tls/certs/ca-bundle.crt'].find(existsSync)
  return withFolders([
    { path: 'usr/local/bin/node', type: 'file', mode: 0o755, content: { file: node } },
    ...libraries.map((path) => file(path.slice(1), realpathSync(path), 0o755)),
    ...(certificates ? [file('etc/ssl/certs/ca-certificates.crt', certificates)] : []),
    text('etc/passwd', `root:x:0:0:root:/:/sbin/nologin\nlading:x:${USER}:${USER}:lading:/app:/sbin/nologin\n`),
    text('etc/group', `root:x:0:\nlading:x:${USER}:\n`),
    text('etc/nsswitch.conf', 'hosts: files dns\n'),
    { path: 'tmp/', type: 'directory', mode: 0o1777 },
    { path: 'data/', type: 'directory', mode: 0o700, owner: USER },
  ])
}

/** A folder and everything below it, under another path. */
export function folderFiles(folder: string, path: string): ImageFile[] {
  return withFolders(filesBelow(folder, path))
}

/** Not `recursive`, which follows links to folders. */
function filesBelow(folder: string, path: string): ImageFile[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry): ImageFile[] => {
    const source = join(folder, entry.name)
    const target = join(path, entry.name)
    if (entry.isDirectory()) return filesBelow(source, target)
    if (entry.isSymbolicLink()) return [{ path: target, type: 'symlink', linkPath: readlinkSync(source) }]
    return entry.isFile() ? [file(target, source, statSync(source).mode & 0o111 ? 0o755 : 0o644)] : []
  })
}

/** Reads what a file holds. */
export function contentOf({ content }: ImageFile): Buffer {
  if (!content) return Buffer.alloc(0)
  return 'file' in content ? readFileSync(content.file) : Buffer.from(content.text)
}

function file(path: string, source: string, mode = 0o644): ImageFile {
  return { path, type: 'file', mode, content: { file: source } }
}

function text(path: string, content: string): ImageFile {
  return { path, type: 'file', content: { text: content } }
}

/** Folders before what is in them, in an order that is always the same. */
function withFolders(files: readonly ImageFile[]): ImageFile[] {
  const all = new Map(files.map((each) => [each.path, each]))
  for (const { path } of files)
    for (let folder = dirname(path); folder !== '.'; folder = dirname(folder))
      if (!all.has(`${folder}/`)) all.set(`${folder}/`, { path: `${folder}/`, type: 'directory' })
  return [...all.values()].sort((a, b) => (a.path < b.path ? -1 : 1))
}

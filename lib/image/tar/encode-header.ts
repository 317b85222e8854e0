import type { TarEntry } from './tar-entry.ts'
import { BLOCK, readPrefix } from './tar-header.ts'
import { padding } from './tar-scanner.ts'

const FLAGS = { file: '0', hardlink: '1', symlink: '2', directory: '5' } as const

export interface NewEntry {
  /** A byte string, as `TarEntry.path`. */
  readonly path: string
  readonly type: keyof typeof FLAGS
  readonly size?: number
  readonly mode?: number
  /** The number of the user and of the group. Default 0. */
  readonly owner?: number
  /** Seconds since 1970. */
  readonly mtime?: number
  readonly linkPath?: string
}

/** The header of a new entry: ustar, with pax records for what ustar cannot hold. */
export function encodeHeader(entry: NewEntry): Uint8Array {
  const block = Buffer.alloc(BLOCK)
  const size = entry.size ?? 0
  block.write(octal(entry.mode ?? (entry.type === 'directory' ? 0o755 : 0o644), 7), 100, 'latin1')
  block.write(octal(entry.owner ?? 0, 7), 108, 'latin1')
  block.write(octal(entry.owner ?? 0, 7), 116, 'latin1')
  block.write(octal(Math.min(size, MAX_OCTAL), 11), 124, 'latin1')
  block.write(octal(entry.mtime ?? 0, 11), 136, 'latin1')
  block.write(FLAGS[entry.type], 156, 'latin1')
  block.write('ustar\x0000', 257, 'latin1')
  const pax = new Map<string, string>()
  if (size > MAX_OCTAL) pax.set('size', String(size))
  return finish(block, entry.path, entry.linkPath ?? '', pax)
}

/**
 * The header of an entry that exists, under another path and, for links, another target. Every other attribute stays.
 */
export function renameHeader(entry: TarEntry, path: string, linkPath = entry.linkPath): Uint8Array {
  const block = Buffer.from(entry.block)
  const pax = new Map([...entry.globalPax, ...entry.pax])
  const isSparse = pax.has('GNU.sparse.name')
  for (const key of ['path', 'linkpath', 'GNU.sparse.name']) pax.delete(key)
  if (isSparse) pax.set('GNU.sparse.name', path)
  clearPrefix(block)
  const blocks = [finish(block, path, linkPath, pax), ...sparseBlocks(entry)]
  return Buffer.concat(blocks)
}

/** A hard link to `target`, with the times and owner of `entry`. */
export function linkHeader(entry: TarEntry, path: string, target: string): Uint8Array {
  const block = Buffer.from(entry.block)
  block.write(FLAGS.hardlink, 156, 'latin1')
  block.write(octal(0, 11), 124, 'latin1')
  clearPrefix(block)
  return finish(block, path, target, new Map())
}

function clearPrefix(block: Buffer): void {
  if (readPrefix(block) !== '') block.fill(0, 345, 500)
}

/** The blocks that follow the header of an old GNU sparse file. */
function sparseBlocks(entry: TarEntry): readonly Uint8Array[] {
  const at = entry.head.indexOf(entry.block)
  return at < 0 ? [] : entry.head.slice(at + 1)
}

const MAX_OCTAL = 0o77777777777

function finish(block: Buffer, path: string, linkPath: string, pax: Map<string, string>): Buffer {
  if (path.length > 100) pax.set('path', path)
  if (linkPath.length > 100) pax.set('linkpath', linkPath)
  block.fill(0, 0, 100).write(path.slice(0, 100), 0, 'latin1')
  block.fill(0, 157, 257).write(linkPath.slice(0, 100), 157, 'latin1')
  sign(block)
  return pax.size > 0 ? Buffer.concat([encodePax(pax), block]) : block
}

function encodePax(pax: ReadonlyMap<string, string>): Buffer {
  const body = Buffer.from([...pax].map(([key, value]) => record(key, value)).join(''), 'latin1')
  const block = Buffer.alloc(BLOCK)
  block.write('PaxHeaders/entry', 0, 'latin1')
  block.write(octal(0o644, 7), 100, 'latin1')
  block.write(octal(body.length, 11), 124, 'latin1')
  block.write(octal(0, 11), 136, 'latin1')
  block.write('x', 156, 'latin1')
  block.write('ustar\x0000', 257, 'latin1')
  sign(block)
  return Buffer.concat([block, body, Buffer.alloc(padding(body.length))])
}

/** The length counts itself. */
function record(key: string, value: string): string {
  const rest = ` ${key}=${value}\n`
  let length = rest.length + 1
  while (String(length).length + rest.length !== length) length = String(length).length + rest.length
  return `${length}${rest}`
}

function sign(block: Buffer): void {
  block.fill(0x20, 148, 156)
  let sum = 0
  for (const byte of block) sum += byte
  block.write(`${octal(sum, 6)}\0 `, 148, 'latin1')
}

function octal(value: number, digits: number): string {
  return Math.max(0, Math.floor(value)).toString(8).padStart(digits, '0')
}

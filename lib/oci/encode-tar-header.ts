/** Bytes of a tar block: a header is one, and content is padded to a whole number of them. */
export const TAR_BLOCK = 512

export const TAR_FLAGS = { file: '0', hardlink: '1', symlink: '2', directory: '5' } as const

export interface NewTarEntry {
  /** A byte string: each character is one byte. */
  readonly path: string
  readonly type: keyof typeof TAR_FLAGS
  readonly size?: number
  readonly mode?: number
  /** The number of the user and of the group. Default 0. */
  readonly owner?: number
  /** Seconds since 1970. */
  readonly mtime?: number
  readonly linkPath?: string
}

/** The header of a new entry: ustar, with pax records for what ustar can't hold (POSIX 1003.1, "pax"). */
export function encodeTarHeader(entry: NewTarEntry): Uint8Array {
  const block = Buffer.alloc(TAR_BLOCK)
  const size = entry.size ?? 0
  block.write(tarOctal(entry.mode ?? (entry.type === 'directory' ? 0o755 : 0o644), 7), 100, 'latin1')
  block.write(tarOctal(entry.owner ?? 0, 7), 108, 'latin1')
  block.write(tarOctal(entry.owner ?? 0, 7), 116, 'latin1')
  block.write(tarOctal(Math.min(size, MAX_OCTAL), 11), 124, 'latin1')
  block.write(tarOctal(entry.mtime ?? 0, 11), 136, 'latin1')
  block.write(TAR_FLAGS[entry.type], 156, 'latin1')
  block.write('ustar\x0000', 257, 'latin1')
  const pax = new Map<string, string>()
  if (size > MAX_OCTAL) pax.set('size', String(size))
  return finishTarHeader(block, entry.path, entry.linkPath ?? '', pax)
}

/** Writes the names and the checksum into a header block; names that don't fit go to pax records before it. */
export function finishTarHeader(block: Buffer, path: string, linkPath: string, pax: Map<string, string>): Buffer {
  if (path.length > 100) pax.set('path', path)
  if (linkPath.length > 100) pax.set('linkpath', linkPath)
  block.fill(0, 0, 100).write(path.slice(0, 100), 0, 'latin1')
  block.fill(0, 157, 257).write(linkPath.slice(0, 100), 157, 'latin1')
  sign(block)
  return pax.size > 0 ? Buffer.concat([encodePax(pax), block]) : block
}

/** Bytes of zeros that follow content of this size. */
export function tarPadding(size: number): number {
  return (TAR_BLOCK - (size % TAR_BLOCK)) % TAR_BLOCK
}

export function tarOctal(value: number, digits: number): string {
  return Math.max(0, Math.floor(value)).toString(8).padStart(digits, '0')
}

const MAX_OCTAL = 0o77777777777

function encodePax(pax: ReadonlyMap<string, string>): Buffer {
  const body = Buffer.from([...pax].map(([key, value]) => record(key, value)).join(''), 'latin1')
  const block = Buffer.alloc(TAR_BLOCK)
  block.write('PaxHeaders/entry', 0, 'latin1')
  block.write(tarOctal(0o644, 7), 100, 'latin1')
  block.write(tarOctal(body.length, 11), 124, 'latin1')
  block.write(tarOctal(0, 11), 136, 'latin1')
  block.write('x', 156, 'latin1')
  block.write('ustar\x0000', 257, 'latin1')
  sign(block)
  return Buffer.concat([block, body, Buffer.alloc(tarPadding(body.length))])
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
  block.write(`${tarOctal(sum, 6)}\0 `, 148, 'latin1')
}

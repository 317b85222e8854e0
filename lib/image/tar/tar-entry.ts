/** The type flag of a header block (POSIX 1003.1, "ustar Interchange Format"). */
export type TarType = 'file' | 'hardlink' | 'symlink' | 'char' | 'block' | 'directory' | 'fifo' | 'other'

/**
 * A tar entry without its content. Names are byte strings: each character is one byte, since tar names are bytes and
 * two different ones must stay different. `decodeName` makes text of them.
 */
export interface TarEntry {
  /** As the archive has it, extensions applied. */
  readonly path: string
  readonly linkPath: string
  readonly type: TarType
  /** Bytes of content that follow in the archive; 0 for all but files. */
  readonly size: number
  readonly mode: number
  readonly uid: number
  readonly gid: number
  /** Seconds since 1970. */
  readonly mtime: number
  /** The header block. */
  readonly block: Uint8Array
  /** Its own pax records, from blocks before it. */
  readonly pax: ReadonlyMap<string, string>
  /** Those of global headers, where its own say nothing else. `head` does not hold them. */
  readonly globalPax: ReadonlyMap<string, string>
  /** Every block of the header as found, its own extension headers included. */
  readonly head: readonly Uint8Array[]
}

/** For people. Inside, a name is the bytes that the tar has, one character each. */
export function decodeName(name: string): string {
  return Buffer.from(name, 'latin1').toString('utf8')
}

/** The reverse of `decodeName`. */
export function encodeName(text: string): string {
  return Buffer.from(text, 'utf8').toString('latin1')
}

/**
 * The path inside the root as tools resolve it: without `.`, empty or leading components; `..` never leads out.
 * `''` is the root itself.
 */
export function cleanPath(path: string): string {
  if (isClean(path)) return path
  const parts: string[] = []
  for (const part of path.split('/')) {
    if (part === '..') parts.pop()
    else if (part !== '' && part !== '.') parts.push(part)
  }
  return parts.join('/')
}

function isClean(path: string): boolean {
  if (path === '' || path.startsWith('/') || path.endsWith('/') || path.includes('//')) return false
  return !path.startsWith('.') && !path.includes('/.')
}

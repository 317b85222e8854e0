import { FormatError } from '../../oci/format-error.ts'
import type { TarEntry, TarType } from './tar-entry.ts'

export const BLOCK = 512

const TYPES: Readonly<Record<string, TarType>> = {
  '\0': 'file',
  '0': 'file',
  '1': 'hardlink',
  '2': 'symlink',
  '3': 'char',
  '4': 'block',
  '5': 'directory',
  '6': 'fifo',
  '7': 'file',
  // GNU's sparse file: its content in the archive is what is not a hole.
  S: 'file',
}

export type ExtensionType = 'long-name' | 'long-link' | 'pax' | 'pax-global'

const EXTENSIONS: Readonly<Record<string, ExtensionType>> = {
  L: 'long-name',
  K: 'long-link',
  x: 'pax',
  X: 'pax',
  g: 'pax-global',
}

/** What extension headers said about the entry that follows them. */
export interface Extensions {
  readonly longName?: string
  readonly longLink?: string
  readonly pax: ReadonlyMap<string, string>
  readonly globalPax: ReadonlyMap<string, string>
}

export function extensionType(block: Buffer): ExtensionType | undefined {
  return EXTENSIONS[String.fromCharCode(block[156] ?? 0)]
}

/** Old GNU sparse files put further blocks after the header, which their size does not count. */
export function isOldSparse(block: Buffer): boolean {
  return block[156] === 0x53
}

export function isZero(block: Buffer): boolean {
  return block.equals(ZEROS)
}
const ZEROS = Buffer.alloc(BLOCK)

/** @throws FormatError `tar` */
export function checkBlock(block: Buffer): void {
  const stored = readNumber(block, 148, 8)
  let unsigned = 0
  let signed = 0
  for (let i = 0; i < BLOCK; i++) {
    const byte = i >= 148 && i < 156 ? 0x20 : (block[i] ?? 0)
    unsigned += byte
    signed += byte > 127 ? byte - 256 : byte
  }
  // Some old tools summed signed bytes.
  if (stored !== unsigned && stored !== signed)
    throw new FormatError('tar', block.toString('latin1', 0, 60), 'a header with a correct checksum')
}

/** @throws FormatError `tar` */
export function parseHeader(block: Buffer, extensions: Extensions): Omit<TarEntry, 'head'> {
  const { pax, globalPax, longName, longLink } = extensions
  // POSIX 1003.1, "pax Extended Header": an empty value takes the record back, and the header's field counts.
  const record = (key: string) => (pax.get(key) ?? globalPax.get(key)) || undefined
  const flag = String.fromCharCode(block[156] ?? 0)
  const ustarName = readText(block, 0, 100)
  const prefix = readPrefix(block)
  const path =
    record('GNU.sparse.name') ?? record('path') ?? longName ?? (prefix ? `${prefix}/${ustarName}` : ustarName)
  const trailing = path.endsWith('/')
  const known = TYPES[flag] ?? 'other'
  // Before ustar a folder was a file whose name ends with a slash.
  const type = known === 'file' && trailing && flag !== '7' ? 'directory' : known
  const size = readPaxSize(record('size')) ?? readSize(block)
  return {
    path,
    linkPath: record('linkpath') ?? longLink ?? readText(block, 157, 100),
    type,
    size: type === 'file' || type === 'other' ? size : 0,
    mode: readNumber(block, 100, 8),
    uid: readDecimal(record('uid')) ?? readNumber(block, 108, 8),
    gid: readDecimal(record('gid')) ?? readNumber(block, 116, 8),
    mtime: readDecimal(record('mtime')) ?? readNumber(block, 136, 12),
    block,
    pax,
    globalPax,
  }
}

/**
 * The first part of a long name. GNU keeps times there instead; Go before 1.8 wrote a name there under GNU's magic,
 * which shows in impossible times (golang/go#12594).
 */
export function readPrefix(block: Buffer): string {
  const magic = block.toString('latin1', 257, 265)
  const isGnu = magic === 'ustar  \0'
  if (magic.slice(0, 6) !== 'ustar\0' && !isGnu) return ''
  const prefix = readText(block, 345, 155)
  if (!isGnu) return prefix
  const isTime = (start: number) => block[start] === 0 || isNumber(block, start, 12)
  return isTime(345) && isTime(357) ? '' : prefix
}

function isNumber(block: Buffer, start: number, length: number): boolean {
  return ((block[start] ?? 0) & 0x80) !== 0 || /^ *[0-7]* *$/.test(readText(block, start, length))
}

/** Other tools refuse what they can't read: to go on with the header's size would be to read another archive. */
function readPaxSize(text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  if (/^\d{1,15}$/.test(text)) return Number(text)
  throw new FormatError('tar', text, 'a size in the pax header')
}

/** Bytes of content behind a header, by the header alone. @throws FormatError `tar` */
export function readSize(block: Buffer): number {
  return notNegative(readNumber(block, 124, 12))
}

function notNegative(size: number): number {
  if (size >= 0) return size
  throw new FormatError('tar', size, 'a size of 0 or more')
}

/** `length key=value\n` records; keys and values as byte strings. @throws FormatError `tar` */
export function parsePax(body: Buffer): Map<string, string> {
  const records = new Map<string, string>()
  let at = 0
  while (at < body.length && body[at] !== 0) {
    const space = body.indexOf(0x20, at)
    const length = space < 0 ? 0 : Number(body.toString('latin1', at, space))
    const end = at + length
    const equals = body.indexOf(0x3d, space)
    if (
      !Number.isSafeInteger(length) ||
      length < 5 ||
      end > body.length ||
      equals < 0 ||
      equals >= end ||
      body[end - 1] !== 0x0a
    )
      throw new FormatError('tar', body.toString('latin1', at, at + 60), 'a pax record')
    records.set(body.toString('latin1', space + 1, equals), body.toString('latin1', equals + 1, end - 1))
    at = end
  }
  return records
}

/** A text field: up to its first NUL. */
export function readText(block: Buffer, start: number, length: number): string {
  const end = block.indexOf(0, start)
  return block.toString('latin1', start, end < 0 || end > start + length ? start + length : end)
}

/** Octal, or base 256 where the first bit is set (GNU, for what octal cannot hold, as times before 1970). @throws FormatError `tar` */
function readNumber(block: Buffer, start: number, length: number): number {
  const first = block[start] ?? 0
  if (first & 0x80) {
    let value = first & 0x40 ? -1 : first & 0x3f
    for (let i = start + 1; i < start + length; i++) value = value * 256 + (block[i] ?? 0)
    if (Number.isSafeInteger(value)) return value
    throw new FormatError('tar', value, 'a number below 2^53')
  }
  const text = readText(block, start, length).trim()
  if (text === '') return 0
  const value = /^[0-7]+$/.test(text) ? Number.parseInt(text, 8) : Number.NaN
  if (Number.isSafeInteger(value)) return value
  throw new FormatError('tar', text, 'an octal number')
}

function readDecimal(text: string | undefined): number | undefined {
  if (text === undefined || !/^-?\d{1,15}(\.\d+)?$/.test(text)) return undefined
  return Math.floor(Number(text))
}

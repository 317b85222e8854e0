import { isRecord } from './descriptor.ts'
import { MAX_DEPTH, MAX_DOCUMENT_BYTES, parseJson } from './json.ts'

/** Bytes from which on an object is cut out: the parser needs ten times as long for a wide object as for a list. */
const WIDE = 64 * 1024
const QUOTE = 0x22
const COMMA = 0x2c
const COLON = 0x3a
const OPEN_LIST = 0x5b
const BACKSLASH = 0x5c
const CLOSE_LIST = 0x5d
const OPEN = 0x7b
const CLOSE = 0x7d

/**
 * Parses a document in which one object may have very many fields: 100,000 labels take 15 ms instead of 150.
 * @param path names of fields, from the root to that object
 * @returns the document, in which the object may be `null`, and the object's fields
 * @throws FormatError with code `json`
 */
export function parseWideJson(
  bytes: Uint8Array,
  path: readonly string[],
): { document: unknown; fields: readonly (readonly [name: string, value: unknown])[] } {
  return parseInParts(bytes, path) ?? parseWhole(bytes, path)
}

function parseWhole(bytes: Uint8Array, path: readonly string[]) {
  const document = parseJson(bytes)
  const object = valueAt(document, path)
  return { document, fields: isRecord(object) ? Object.entries(object) : [] }
}

function parseInParts(bytes: Uint8Array, path: readonly string[]) {
  if (bytes.byteLength <= WIDE || bytes.byteLength > MAX_DOCUMENT_BYTES) return undefined
  const range = rangeOf(bytes, path)
  const list = range && range.to - range.from > WIDE ? asList(bytes.subarray(range.from, range.to)) : undefined
  if (!range || !list) return undefined
  const rest = Buffer.concat([bytes.subarray(0, range.from), Buffer.from('null'), bytes.subarray(range.to)])
  const document = parseJson(rest, LOOKED_AT)
  // Another spelling of the same name may follow and win.
  if (valueAt(document, path) !== null) return undefined
  const flat = parseJson(list, LOOKED_AT)
  if (!Array.isArray(flat) || flat.length % 2 !== 0) return undefined
  const fields: [string, unknown][] = []
  for (let at = 0; at < flat.length; at += 2) {
    if (typeof flat[at] !== 'string') return undefined
    fields.push([flat[at], flat[at + 1]])
  }
  return { document, fields }
}

function valueAt(document: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>((value, name) => (isRecord(value) ? value[name] : undefined), document)
}

/** Nothing is parsed in parts that nests too deeply. */
const LOOKED_AT = { maxDepth: Number.POSITIVE_INFINITY }

/** Where the object is, from its brace to after the other; undefined if there isn't exactly one, or if nesting is too deep. */
function rangeOf(bytes: Uint8Array, path: readonly string[]): { from: number; to: number } | undefined {
  const names = path.map((name) => Buffer.from(name))
  let found: { from: number; to: number } | undefined
  let depth = 0
  // How many names of the path lead to where we are, and whether the value that follows is the next.
  let matched = 0
  let isNext = false
  let from = -1
  let key = 0
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at]
    if (byte === QUOTE) {
      key = at
      at = endOfString(bytes, at)
    } else if (byte === COLON) {
      const name = matched === depth - 1 ? names[matched] : undefined
      isNext = name !== undefined && isName(bytes, key, name)
    } else if (byte === COMMA) isNext = false
    else if (byte === OPEN || byte === OPEN_LIST) {
      if (++depth > MAX_DEPTH) return undefined
      if (isNext && byte === OPEN) {
        matched++
        if (matched === names.length) {
          if (found) return undefined
          from = at
        }
      }
      isNext = false
    } else if (byte === CLOSE || byte === CLOSE_LIST) {
      depth--
      if (matched === depth && matched > 0) {
        if (matched === names.length) found = { from, to: at + 1 }
        matched--
      }
    }
  }
  return found
}

/** The object as the list of its names and values in turn; undefined where it isn't well-formed. */
function asList(object: Uint8Array): Uint8Array | undefined {
  const list = new Uint8Array(object)
  let depth = 0
  let isName = true
  for (let at = 0; at < list.length; at++) {
    const byte = list[at]
    if (byte === QUOTE) at = endOfString(list, at)
    else if (byte === OPEN || byte === OPEN_LIST) depth++
    else if (byte === CLOSE || byte === CLOSE_LIST) depth--
    else if (depth === 1 && (byte === COLON || byte === COMMA)) {
      if (isName !== (byte === COLON)) return undefined
      list[at] = COMMA
      isName = !isName
    }
  }
  list[0] = OPEN_LIST
  list[list.length - 1] = CLOSE_LIST
  return list
}

/** @param start of the opening quote */
function endOfString(bytes: Uint8Array, start: number): number {
  let at = start + 1
  while (at < bytes.length && bytes[at] !== QUOTE) at += bytes[at] === BACKSLASH ? 2 : 1
  return at
}

function isName(bytes: Uint8Array, quote: number, name: Uint8Array): boolean {
  if (bytes[quote + name.length + 1] !== QUOTE) return false
  return name.every((byte, index) => bytes[quote + 1 + index] === byte)
}

import { FormatError } from './format-error.ts'

/** The most a manifest, a config or another document may be: 8 MiB. Registries themselves stop at 4. */
export const MAX_DOCUMENT_BYTES = 8 * 1024 * 1024

/** How deep arrays and objects may nest. */
export const MAX_DEPTH = 100
/** An escape for half a character. */
const SURROGATE = /\\u[dD][89a-fA-F]/
const QUOTE = 0x22
const BACKSLASH = 0x5c

/**
 * Parses a JSON document whose size and nesting are bounded, so that no later walk over it can exhaust the stack.
 * A byte order mark is skipped; bytes that are not UTF-8 and lone surrogates become U+FFFD, as in Go's decoder.
 * @param options.maxDepth how deep arrays and objects may nest; default 100, `Infinity` where that was looked at
 * @param options.maxBytes default `MAX_DOCUMENT_BYTES`
 * @throws FormatError with code `json`
 */
export function parseJson(bytes: Uint8Array, options: { maxDepth?: number; maxBytes?: number } = {}): unknown {
  const maxDepth = options.maxDepth ?? MAX_DEPTH
  const maxBytes = options.maxBytes ?? MAX_DOCUMENT_BYTES
  if (bytes.byteLength > maxBytes)
    throw new FormatError('json', `${bytes.byteLength} bytes`, `a document of at most ${maxBytes} bytes`)
  if (maxDepth !== Number.POSITIVE_INFINITY && isDeeperThan(bytes, maxDepth))
    throw new FormatError('json', preview(bytes), `at most ${maxDepth} nested levels`)
  try {
    const text = new TextDecoder().decode(bytes)
    return JSON.parse(text, SURROGATE.test(text) ? wellFormed : undefined)
  } catch (cause) {
    throw new FormatError('json', preview(bytes), 'a JSON document', { cause })
  }
}

/** A reviver: strings, and the names of fields, without lone surrogates. */
function wellFormed(_key: string, value: unknown): unknown {
  if (typeof value === 'string') return value.toWellFormed()
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  if (Object.keys(value).every((key) => key.isWellFormed())) return value
  return Object.fromEntries(Object.entries(value).map(([key, field]) => [key.toWellFormed(), field]))
}

function preview(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes.subarray(0, 100))
}

function isDeeperThan(bytes: Uint8Array, limit: number): boolean {
  let depth = 0
  let inString = false
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i]
    if (inString) {
      if (byte === BACKSLASH) i++
      else if (byte === QUOTE) inString = false
    } else if (byte === QUOTE) inString = true
    else if (byte === 0x5b || byte === 0x7b) {
      if (++depth > limit) return true
    } else if (byte === 0x5d || byte === 0x7d) depth--
  }
  return false
}

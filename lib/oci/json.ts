import { FormatError } from './format-error.ts'

/** The most a manifest, a config or another document may be: 8 MiB. Registries themselves stop at 4. */
export const MAX_DOCUMENT_BYTES = 8 * 1024 * 1024

const MAX_DEPTH = 100
const QUOTE = 0x22
const BACKSLASH = 0x5c

/**
 * Parses a JSON document whose size and nesting are bounded, so that no later walk over it can exhaust the stack.
 * A byte order mark is skipped; bytes that are not UTF-8 become U+FFFD, as Go's decoder does.
 * @param options.maxDepth how deep arrays and objects may nest; default 100
 * @param options.maxBytes default `MAX_DOCUMENT_BYTES`
 * @throws FormatError with code `json`
 */
export function parseJson(bytes: Uint8Array, options: { maxDepth?: number; maxBytes?: number } = {}): unknown {
  const maxDepth = options.maxDepth ?? MAX_DEPTH
  const maxBytes = options.maxBytes ?? MAX_DOCUMENT_BYTES
  if (bytes.byteLength > maxBytes)
    throw new FormatError('json', `${bytes.byteLength} bytes`, `a document of at most ${maxBytes} bytes`)
  if (isDeeperThan(bytes, maxDepth)) throw new FormatError('json', preview(bytes), `at most ${maxDepth} nested levels`)
  try {
    return JSON.parse(new TextDecoder().decode(bytes))
  } catch (cause) {
    throw new FormatError('json', preview(bytes), 'a JSON document', { cause })
  }
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

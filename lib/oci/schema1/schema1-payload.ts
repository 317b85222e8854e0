import { isRecord } from '../descriptor.ts'
import { FormatError } from '../format-error.ts'
import { parseJson } from '../json.ts'

/** Where the signed payload lies in a document, as one signature's protected header says. */
export interface PayloadFormat {
  /** Bytes of the document that the payload begins with. */
  readonly length: number
  /** What follows them, usually `\n}`. */
  readonly tail: Uint8Array
}

/**
 * The bytes that the signatures of a schema 1 manifest cover; the same bytes when it has none.
 * Lengths count bytes, not characters (libtrust, jsonsign.go).
 * @throws FormatError with code `schema1` when the signatures disagree on where the payload ends
 */
export function schema1Payload(bytes: Uint8Array, document: Record<string, unknown> = readDocument(bytes)): Uint8Array {
  const [first, ...others] = signaturesOf(document).map((signature) => readPayloadFormat(signature, bytes.byteLength))
  if (!first) return bytes
  if (others.some((other) => other.length !== first.length || !Buffer.from(other.tail).equals(first.tail)))
    throw new FormatError('schema1', 'signatures', 'signatures that cover the same payload')
  return joinPayload(bytes, first)
}

/**
 * The manifest without its signatures: the exact bytes that were signed. The digest stays the same.
 * @throws FormatError with code `schema1` or `json`
 */
export function unsignedSchema1(bytes: Uint8Array): Uint8Array {
  const document = readDocument(bytes)
  const payload = schema1Payload(bytes, document)
  const inner = payload === bytes ? document : readDocument(payload)
  if (inner.schemaVersion !== 1) throw new FormatError('schema1', inner.schemaVersion, 'schemaVersion 1')
  return payload
}

/** The bytes that were signed: what stands before the signatures, and the tail that they keep. Counted in bytes, never in characters. */
export function joinPayload(bytes: Uint8Array, format: PayloadFormat): Uint8Array {
  const payload = new Uint8Array(format.length + format.tail.byteLength)
  payload.set(bytes.subarray(0, format.length))
  payload.set(format.tail, format.length)
  return payload
}

/** Reads `formatLength` and `formatTail` of one signature. @throws FormatError with code `schema1` */
export function readPayloadFormat(signature: unknown, size: number): PayloadFormat {
  const text = isRecord(signature) ? signature.protected : undefined
  if (typeof text !== 'string') throw new FormatError('schema1', text, 'a protected header in every signature')
  const header = parseJson(Buffer.from(text, 'base64url'))
  const { formatLength, formatTail } = isRecord(header) ? header : {}
  if (
    typeof formatLength !== 'number' ||
    !Number.isSafeInteger(formatLength) ||
    formatLength < 0 ||
    formatLength > size
  )
    throw new FormatError('schema1', formatLength, 'a formatLength inside the document')
  if (typeof formatTail !== 'string') throw new FormatError('schema1', formatTail, 'a formatTail in base64url')
  return { length: formatLength, tail: Buffer.from(formatTail, 'base64url') }
}

/** As they stand in the document, unread; none where it is unsigned. */
export function signaturesOf(document: Record<string, unknown>): readonly unknown[] {
  return Array.isArray(document.signatures) ? document.signatures : []
}

/** @throws FormatError `json`, `schema1` */
export function readDocument(bytes: Uint8Array): Record<string, unknown> {
  const value = parseJson(bytes)
  if (!isRecord(value)) throw new FormatError('schema1', value, 'a JSON object')
  return value
}

import { verify } from 'node:crypto'
import { isRecord } from '../descriptor.ts'
import { keyIdOf, readKey } from './schema1-key.ts'
import { joinPayload, type PayloadFormat, readDocument, readPayloadFormat, signaturesOf } from './schema1-payload.ts'

export interface Schema1Verification {
  /** One for each signature, in the order of the document. Empty when it is unsigned. */
  readonly signatures: readonly SignatureVerdict[]
  /** All signatures name the same payload; where they do not, the manifest has no digest. */
  readonly agree: boolean
}

/**
 * A valid signature proves that the payload is as it was signed, not who signed it: the key comes with the document.
 * `unsupported`: Lading cannot judge it. It is neither accepted nor called a forgery.
 */
export interface SignatureVerdict {
  readonly verdict: 'valid' | 'invalid' | 'unsupported'
  /** As the signature names it, or `''`. */
  readonly algorithm: string
  /** libtrust's fingerprint, computed from the key itself. */
  readonly keyId?: string
  /** For people, where the verdict is not `valid`. */
  readonly reason?: string
}

interface Algorithm {
  readonly hash: string
  readonly keyType: 'ec' | 'rsa'
  readonly curve?: string
}

/** Nothing else is tried: not `none`, and no secret-key algorithm that a public key could be passed off for. */
const ALGORITHMS: ReadonlyMap<string, Algorithm> = new Map([
  ['ES256', { hash: 'sha256', keyType: 'ec', curve: 'prime256v1' }],
  ['ES384', { hash: 'sha384', keyType: 'ec', curve: 'secp384r1' }],
  ['ES512', { hash: 'sha512', keyType: 'ec', curve: 'secp521r1' }],
  ['RS256', { hash: 'sha256', keyType: 'rsa' }],
  ['RS384', { hash: 'sha384', keyType: 'rsa' }],
  ['RS512', { hash: 'sha512', keyType: 'rsa' }],
] as const)

/** Each signature costs a public-key operation, and the document decides how many there are. */
const MAX_SIGNATURES = 16

/**
 * Verifies the JSON web signatures in a schema 1 manifest (libtrust, jsonsign.go). The payload is cut out by bytes.
 * @throws FormatError with code `json` or `schema1` when it isn't a manifest at all; a bad signature is a verdict
 */
export function verifySchema1(bytes: Uint8Array): Schema1Verification {
  const signatures = signaturesOf(readDocument(bytes))
  const formats = signatures.map((signature) => tryReadFormat(signature, bytes.byteLength))
  const [first] = formats
  const agree = formats.every(
    (format) => format && first && format.length === first.length && Buffer.from(format.tail).equals(first.tail),
  )
  return {
    signatures: signatures.map((signature, index) =>
      index < MAX_SIGNATURES
        ? verifySignature(signature, bytes, formats[index])
        : { verdict: 'unsupported', algorithm: '', reason: `more than ${MAX_SIGNATURES} signatures` },
    ),
    agree,
  }
}

function verifySignature(signature: unknown, bytes: Uint8Array, format: PayloadFormat | undefined): SignatureVerdict {
  const record = isRecord(signature) ? signature : {}
  const header = isRecord(record.header) ? record.header : {}
  const algorithm = typeof header.alg === 'string' ? header.alg : ''
  const say = (verdict: 'invalid' | 'unsupported', reason: string) => ({ verdict, algorithm, reason })

  const known = ALGORITHMS.get(algorithm)
  if (!known) return say('unsupported', `the algorithm is not one of ${[...ALGORITHMS.keys()].join(', ')}`)
  const raw = typeof record.signature === 'string' ? decodeBase64Url(record.signature) : undefined
  if (!format || !raw || typeof record.protected !== 'string' || !decodeBase64Url(record.protected))
    return say('invalid', 'the signature is not well formed')
  if (!header.jwk && !header.x5c) return say('unsupported', 'the signature carries no key')
  const key = readKey(header)
  if (!key) return say('invalid', 'the key cannot be read')
  const keyId = keyIdOf(key)
  if (isRecord(header.jwk) && header.jwk.kid !== undefined && header.jwk.kid !== keyId)
    return { ...say('invalid', 'the key is not the one its id names'), keyId }
  if (key.asymmetricKeyType !== known.keyType || (known.curve && key.asymmetricKeyDetails?.namedCurve !== known.curve))
    return { ...say('invalid', `the key does not fit the algorithm ${algorithm}`), keyId }
  const payload = Buffer.from(joinPayload(bytes, format)).toString('base64url')
  const signed = Buffer.from(`${record.protected}.${payload}`)
  return verify(known.hash, signed, { key, dsaEncoding: 'ieee-p1363' }, raw)
    ? { verdict: 'valid', algorithm, keyId }
    : { ...say('invalid', 'the signature does not match the content'), keyId }
}

function tryReadFormat(signature: unknown, size: number): PayloadFormat | undefined {
  try {
    return readPayloadFormat(signature, size)
  } catch {
    return undefined // Told as this signature's verdict.
  }
}

/** Undefined unless the text is the one way to write its bytes: otherwise a signature could be changed and still hold. */
function decodeBase64Url(text: string): Buffer | undefined {
  const bytes = Buffer.from(text, 'base64url')
  return bytes.toString('base64url') === text ? bytes : undefined
}

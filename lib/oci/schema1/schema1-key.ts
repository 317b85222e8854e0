import { createHash, createPublicKey, type JsonWebKey, type KeyObject, X509Certificate } from 'node:crypto'
import { isRecord } from '../descriptor.ts'

/**
 * The public key that a signature's header carries: `jwk`, or the first certificate of `x5c`, which is the leaf. The
 * chain is not checked, as nothing here says whom to trust. Undefined if there isn't one or it can't be read.
 */
export function readKey(header: Record<string, unknown>): KeyObject | undefined {
  const { jwk, x5c } = header
  const leaf: unknown = Array.isArray(x5c) ? x5c[0] : undefined
  try {
    if (isRecord(jwk)) return createPublicKey({ key: publicPart(jwk), format: 'jwk' })
    return typeof leaf === 'string' ? new X509Certificate(Buffer.from(leaf, 'base64')).publicKey : undefined
  } catch {
    return undefined // OpenSSL's messages about malformed keys don't help.
  }
}

/** libtrust's name for a key: 240 bits of the SHA-256 of its DER form, base32 in twelve groups (libtrust, util.go). */
export function keyIdOf(key: KeyObject): string {
  const der = key.export({ type: 'spki', format: 'der' })
  const fingerprint = createHash('sha256').update(der).digest().subarray(0, 30)
  return base32(fingerprint).match(/.{4}/g)?.join(':') ?? ''
}

function publicPart(jwk: Record<string, unknown>): JsonWebKey {
  const names = ['kty', 'crv', 'x', 'y', 'n', 'e']
  return Object.fromEntries(names.filter((name) => typeof jwk[name] === 'string').map((name) => [name, jwk[name]]))
}

/** RFC 4648 without padding; five bytes are eight letters. */
function base32(bytes: Uint8Array): string {
  const bits = Array.from(bytes, (byte) => byte.toString(2).padStart(8, '0')).join('')
  return (bits.match(/.{5}/g) ?? [])
    .map((five) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'[Number.parseInt(five, 2)])
    .join('')
}

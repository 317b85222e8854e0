import { createPublicKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import { keyIdOf } from './schema1-key.ts'
import { unsignedSchema1 } from './schema1-payload.ts'

export interface SignOptions {
  /** A P-256 private key. Default: a new one for this signature alone, as registries themselves do. */
  readonly key?: KeyObject
  /** Default: now. */
  readonly time?: Date
}

/**
 * Signs a schema 1 manifest with ES256 so that a registry takes it: the signature goes in before the last brace and
 * the rest of the bytes stays (libtrust, jsonsign.go). Signatures that are there already are dropped, and the digest
 * is that of the unsigned bytes.
 * @returns the document with its signature; its media type is `…manifest.v1+prettyjws`
 * @throws FormatError with code `schema1` or `json`
 */
export function signSchema1(bytes: Uint8Array, options: SignOptions = {}): Uint8Array {
  const payload = Buffer.from(unsignedSchema1(bytes))
  const brace = payload.lastIndexOf('}')
  const length = payload.subarray(0, brace).toString('latin1').trimEnd().length
  const tail = payload.subarray(length)
  const signature = signPayload(payload, { length, tail }, options)
  const separator = payload.subarray(0, length).toString('latin1').endsWith('{') ? '' : ','
  const indented = JSON.stringify([signature], null, 3).replaceAll('\n', '\n   ')
  return Buffer.concat([payload.subarray(0, length), Buffer.from(`${separator}\n   "signatures": ${indented}`), tail])
}

function signPayload(payload: Buffer, format: { length: number; tail: Buffer }, { key, time }: SignOptions) {
  const privateKey = key ?? generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey
  const { crv, kty, x, y } = privateKey.export({ format: 'jwk' })
  const header = {
    formatLength: format.length,
    formatTail: format.tail.toString('base64url'),
    time: (time ?? new Date()).toISOString().replace(/\.[0-9]+Z$/, 'Z'),
  }
  const encoded = Buffer.from(JSON.stringify(header)).toString('base64url')
  const signed = Buffer.from(`${encoded}.${payload.toString('base64url')}`)
  const signature = sign('sha256', signed, { key: privateKey, dsaEncoding: 'ieee-p1363' })
  return {
    header: { jwk: { crv, kid: keyIdOf(createPublicKey(privateKey)), kty, x, y }, alg: 'ES256' },
    signature: signature.toString('base64url'),
    protected: encoded,
  }
}

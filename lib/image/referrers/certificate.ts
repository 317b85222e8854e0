import { X509Certificate } from 'node:crypto'

/**
 * The identity in a signing certificate. Nothing is verified: neither the chain, nor that the certificate's key signed.
 */
export interface CertificateIdentity {
  /** An email address or a URI from the subject alternative name: the identity that Fulcio certified. */
  readonly identity?: string
  /** The OIDC issuer that vouched for it. */
  readonly issuer?: string
  /** The subject, where the certificate is an ordinary one: `CN=ci, O=Example`. */
  readonly subject?: string
  /** ISO times between which it was valid. */
  readonly validFrom: string
  readonly validTo: string
}

/** Fulcio, "OID information": the issuer as a bare string (1), and as a DER UTF8String (8). */
const ISSUER = Buffer.from('2b0601040183bf300101', 'hex')
const ISSUER_V2 = Buffer.from('2b0601040183bf300108', 'hex')
const LIMIT = 64 * 1024

/** Reads a PEM or DER certificate. Undefined where it isn't one. */
export function certificateIdentity(certificate: string | Uint8Array): CertificateIdentity | undefined {
  if (certificate.length > LIMIT) return undefined
  try {
    const x509 = new X509Certificate(certificate)
    const identity = alternativeName(x509.subjectAltName)
    const issuer = issuerIn(x509.raw)
    const subject = x509.subject?.split('\n').toReversed().join(', ')
    return {
      ...(identity && { identity }),
      ...(issuer && { issuer }),
      ...(!identity && subject && { subject }),
      validFrom: x509.validFromDate.toISOString(),
      validTo: x509.validToDate.toISOString(),
    }
  } catch {
    // OpenSSL's messages don't help here.
    return undefined
  }
}

/** The first mail address or URI of `email:a@b, URI:"…"`; Node quotes values with special characters as JSON. */
function alternativeName(names: string | undefined): string | undefined {
  const found = /(?:^|, )(?:email|URI):("(?:[^"\\]|\\.)*"|[^,]*)/.exec(names ?? '')?.[1]
  return found?.startsWith('"') ? String(JSON.parse(found)) : found || undefined
}

function issuerIn(der: Buffer): string | undefined {
  const value = extension(der, ISSUER_V2)
  // A UTF8String inside the octet string; these are short, so its length is one byte, or two after 0x81.
  if (value?.[0] === 0x0c) return value.subarray(value[1] === 0x81 ? 3 : 2).toString('utf8')
  return extension(der, ISSUER)?.toString('utf8')
}

/** The value of an extension: its OID, then perhaps a critical flag, then an octet string (RFC 5280, 4.1). */
function extension(der: Buffer, oid: Buffer): Buffer | undefined {
  const at = der.indexOf(Buffer.concat([Buffer.from([0x06, oid.length]), oid]))
  if (at < 0) return undefined
  let next = at + 2 + oid.length
  if (der[next] === 0x01) next += 3
  if (der[next] !== 0x04) return undefined
  const isLong = der[next + 1] === 0x81
  const start = next + (isLong ? 3 : 2)
  const length = der[isLong ? next + 2 : next + 1] ?? 0
  return length < 0x80 || isLong ? der.subarray(start, start + length) : undefined
}

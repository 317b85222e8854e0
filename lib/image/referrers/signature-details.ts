import type { CoseSign1 } from '../../oci/cose.ts'
import { type Descriptor, isRecord } from '../../oci/descriptor.ts'
import { parseJson } from '../../oci/json.ts'
import { type CertificateIdentity, certificateIdentity } from './certificate.ts'

/** A signature's claims about its signer. Nothing is verified. */
export interface SignatureDetails {
  readonly certificate?: CertificateIdentity
  /** A hint at the key, where no certificate names anyone. */
  readonly keyId?: string
  /** ISO time at which a transparency log took it in, or at which its maker says it was made. */
  readonly signed?: string
  /** Its place in the transparency log. */
  readonly logIndex?: string
}

/** Cosign's layers: the certificate and the log entry are annotations. */
export function cosignSignature({ annotations }: Descriptor): SignatureDetails {
  const certificate = certificateIdentity(annotations?.get('dev.sigstore.cosign/certificate') ?? '')
  const bundle = record(tryJson(Buffer.from(annotations?.get('dev.sigstore.cosign/bundle') ?? '{}')))
  return { ...(certificate && { certificate }), ...logged(record(bundle.Payload)) }
}

/** Of a Sigstore bundle, a DSSE envelope or a JWS, as parsed. Empty for any other document. */
export function signaturesIn(document: unknown): SignatureDetails[] {
  if (!isRecord(document)) return []
  if (isRecord(document.verificationMaterial)) return [bundleSignature(document, document.verificationMaterial)]
  if (Array.isArray(document.signatures))
    return document.signatures.filter(isRecord).map(({ keyid, cert }) => {
      const certificate = typeof cert === 'string' ? certificateIdentity(cert) : undefined
      return { ...(certificate && { certificate }), ...keyOf(keyid) }
    })
  if (typeof document.signature === 'string' && isRecord(document.header)) return [jwsSignature(document)]
  return []
}

/** Sigstore, "Bundle Format": a certificate, a chain of them, or the hint of a key. */
function bundleSignature(
  { dsseEnvelope }: Record<string, unknown>,
  material: Record<string, unknown>,
): SignatureDetails {
  const chain = record(material.x509CertificateChain).certificates
  const [leaf] = Array.isArray(chain) ? chain : [material.certificate]
  const der = record(leaf).rawBytes
  const certificate = typeof der === 'string' ? certificateIdentity(Buffer.from(der, 'base64')) : undefined
  const [entry] = Array.isArray(material.tlogEntries) ? material.tlogEntries : []
  const [signature] = Array.isArray(record(dsseEnvelope).signatures) ? signaturesIn(dsseEnvelope) : []
  const key = keyOf(record(material.publicKey).hint)
  return {
    ...(certificate && { certificate }),
    ...(!certificate && { ...signature, ...key }),
    ...logged(record(entry)),
  }
}

/** Notary Project, "JWS Signature Envelope": the chain is in the header, the time in the protected one. */
function jwsSignature({ header, protected: encoded }: Record<string, unknown>): SignatureDetails {
  const chain = record(header).x5c
  const [leaf] = Array.isArray(chain) ? chain : []
  const certificate = typeof leaf === 'string' ? certificateIdentity(Buffer.from(leaf, 'base64')) : undefined
  const claims = record(tryJson(Buffer.from(typeof encoded === 'string' ? encoded : '', 'base64url')))
  const signed = isoTime(claims['io.cncf.notary.signingTime'])
  return { ...(certificate && { certificate }), ...(signed && { signed }) }
}

/** RFC 9360: a certificate, or a chain of them from the leaf on. */
const X5CHAIN = 33

/** Notary Project, "COSE Signature Envelope": the chain is in the unprotected header, the time in the protected one. */
export function coseSignature({ protectedHeader, unprotectedHeader }: CoseSign1): SignatureDetails {
  const chain = unprotectedHeader.get(X5CHAIN)
  const leaf: unknown = Array.isArray(chain) ? chain[0] : chain
  const certificate = leaf instanceof Uint8Array ? certificateIdentity(Buffer.from(leaf)) : undefined
  const seconds = protectedHeader.get('io.cncf.notary.signingTime')
  const signed = typeof seconds === 'number' ? isoTime(seconds * 1000) : undefined
  return { ...(certificate && { certificate }), ...(signed && { signed }) }
}

/** Rekor's entry, in both spellings; a bundle has 64-bit numbers as texts. */
function logged({ integratedTime, logIndex }: Record<string, unknown>): SignatureDetails {
  const seconds = Number(integratedTime)
  const signed = integratedTime !== undefined && seconds > 0 ? isoTime(seconds * 1000) : undefined
  const place = /^\d{1,20}$/.test(String(logIndex)) ? String(logIndex) : undefined
  return { ...(signed && { signed }), ...(place && { logIndex: place }) }
}

function keyOf(value: unknown): SignatureDetails {
  return typeof value === 'string' && value !== '' ? { keyId: value } : {}
}

function isoTime(value: unknown): string | undefined {
  const time = typeof value === 'string' || typeof value === 'number' ? new Date(value) : new Date(Number.NaN)
  return Number.isNaN(time.getTime()) ? undefined : time.toISOString()
}

function record(value: unknown): Record<string, unknown> {
  return isRecord(value) ? value : {}
}

function tryJson(bytes: Uint8Array): unknown {
  try {
    return parseJson(bytes)
  } catch {
    return undefined
  }
}

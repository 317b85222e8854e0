import { parseCoseSign1 } from './cose.ts'
import { isRecord } from './descriptor.ts'
import { type Digest, isDigest } from './digest.ts'
import { openEnvelope } from './envelope.ts'
import { FormatError } from './format-error.ts'
import { parseJson } from './json.ts'
import { parseSimpleSigning } from './simple-signing.ts'

const SIMPLE_SIGNING = 'application/vnd.dev.cosign.simplesigning.v1+json'
const NOTATION_JWS = 'application/jose+json'
const NOTATION_COSE = 'application/cose'
/** in-toto statements as they are, in a DSSE envelope, or with that in a Sigstore bundle. */
const STATEMENT =
  /^application\/vnd\.(?:in-toto(?:\.[\w.-]+)?|dsse\.envelope\.v1|dev\.sigstore\.bundle(?:\.v[\d.]+)?)\+json(?:;|$)/

/** Cosign's kind of signature, of which a manifest may hold several. */
export function isSimpleSigning(mediaType: string): boolean {
  return mediaType === SIMPLE_SIGNING
}

/** One of Notation's two kinds of signature, in CBOR. */
export function isCose(mediaType: string): boolean {
  return mediaType === NOTATION_COSE
}

/** Whether `signedSubjects` can read a document of this type. */
export function namesSubjects(mediaType: string): boolean {
  return [SIMPLE_SIGNING, NOTATION_JWS, NOTATION_COSE].includes(mediaType) || STATEMENT.test(mediaType)
}

/**
 * The manifests that a signed document says it is about: a simple-signing payload, an in-toto statement (also in a DSSE
 * envelope or a Sigstore bundle), or Notation's JWS or COSE. A claim: no signature is checked.
 * @returns never empty; undefined for a bundle that signs bytes without naming anything
 * @throws FormatError with code `signature` or `json`
 */
export function signedSubjects(mediaType: string, bytes: Uint8Array): readonly Digest[] | undefined {
  if (mediaType === SIMPLE_SIGNING) return [parseSimpleSigning(bytes).digest]
  if (mediaType === NOTATION_COSE) return [targetArtifact(parseCoseSign1(bytes).payload)]
  const document = parseJson(bytes)
  if (mediaType === NOTATION_JWS) return [targetArtifact(jwsPayload(document))]
  if (isRecord(document) && isRecord(document.messageSignature)) return undefined
  return statementSubjects(openEnvelope(document))
}

/** Notary Project, "Signature Specification", payload: `targetArtifact` is a descriptor. */
function targetArtifact(signed: Uint8Array): Digest {
  const payload = parseJson(signed)
  const target = isRecord(payload) && isRecord(payload.targetArtifact) ? payload.targetArtifact.digest : undefined
  if (!isDigest(target)) throw new FormatError('signature', target, 'a digest at targetArtifact.digest')
  return target
}

function jwsPayload(document: unknown): Uint8Array {
  return Buffer.from(isRecord(document) && typeof document.payload === 'string' ? document.payload : '', 'base64url')
}

/** in-toto, "Statement": each subject has digests by algorithm, of which those of OCI count. */
function statementSubjects(statement: unknown): readonly Digest[] {
  const subjects = isRecord(statement) && Array.isArray(statement.subject) ? statement.subject : []
  const digests = subjects.flatMap((subject) => {
    const byAlgorithm = isRecord(subject) && isRecord(subject.digest) ? Object.entries(subject.digest) : []
    return byAlgorithm.map(([algorithm, hex]) => `${algorithm}:${hex}`).filter(isDigest)
  })
  if (digests.length === 0) throw new FormatError('signature', subjects[0], 'a sha256 digest in subject')
  return digests
}

import { parseCoseSign1 } from '../../oci/cose.ts'
import { type Descriptor, isRecord } from '../../oci/descriptor.ts'
import type { Digest } from '../../oci/digest.ts'
import { openEnvelope } from '../../oci/envelope.ts'
import { FormatError } from '../../oci/format-error.ts'
import { parseJson } from '../../oci/json.ts'
import { isSbomType } from '../../oci/known-types.ts'
import { type Provenance, parseProvenance } from '../../oci/provenance.ts'
import { isCose, isSimpleSigning, namesSubjects } from '../../oci/signed-subjects.ts'
import { isRegistryError } from '../../registry/errors.ts'
import type { CallOptions, Repository } from '../../registry/registry.ts'
import { payloadOf } from './referrer.ts'
import { coseSignature, cosignSignature, type SignatureDetails, signaturesIn } from './signature-details.ts'

/** A signature or a statement in a referrer. Nothing in it is verified. */
export interface SignedDocument {
  readonly blob: Descriptor
  /** Of an in-toto statement. */
  readonly predicateType?: string
  /** Its stated subjects: names with digests. */
  readonly subjects: readonly StatementSubject[]
  readonly provenance?: Provenance
  /** The predicate as JSON; of a plain signature, what was signed. Absent where a bill of materials is. */
  readonly content?: string
  readonly signatures: readonly SignatureDetails[]
  /** Why it can't be read. */
  readonly fault?: FormatError | Error
}

export interface StatementSubject {
  readonly name: string
  /** `sha256:…` */
  readonly digest: string
}

const MAX_DOCUMENTS = 32
/** A statement may contain a whole SBOM, whose envelope still says who signed it. */
const LIMIT = 16 * 1024 * 1024
const MAX_CONTENT = 256 * 1024
const MAX_SUBJECTS = 100

/**
 * Reads the signatures and in-toto statements of a manifest, in its order: cosign's layers, DSSE envelopes, Sigstore
 * bundles, Notation's JWS and COSE. One that can't be read has a `fault`; blobs of other types are left out.
 * @throws RegistryError when the registry can't be asked
 */
export async function readSignedDocuments(
  repository: Repository,
  digest: Digest,
  { signal }: CallOptions = {},
): Promise<SignedDocument[]> {
  const options = { ...(signal && { signal }) }
  const blobs = payloadOf(await repository.manifest(digest, options))
  const documents: SignedDocument[] = []
  for (const blob of blobs.filter(({ mediaType }) => namesSubjects(mediaType)).slice(0, MAX_DOCUMENTS))
    documents.push(await readOne(repository, blob, options))
  return documents
}

async function readOne(repository: Repository, blob: Descriptor, options: CallOptions): Promise<SignedDocument> {
  const own = isSimpleSigning(blob.mediaType) ? [cosignSignature(blob)] : []
  const nothing = { blob, subjects: [], signatures: own.length > 0 ? own : [{}] }
  try {
    const bytes = await repository.blobBytes(blob.digest, { ...options, limit: LIMIT })
    if (isCose(blob.mediaType)) {
      const signed = parseCoseSign1(bytes)
      return { blob, subjects: [], content: printed(parseJson(signed.payload)), signatures: [coseSignature(signed)] }
    }
    const document = parseJson(bytes, { maxBytes: LIMIT })
    const found = signaturesIn(document)
    // Cosign's attestations are envelopes whose certificate is an annotation of the layer.
    const outside = cosignSignature(blob)
    const signatures = found.map((each) => ({ ...outside, ...each }))
    return { blob, ...describe(document), signatures: own.length > 0 ? own : signatures }
  } catch (error) {
    options.signal?.throwIfAborted()
    if (error instanceof FormatError) return { ...nothing, fault: error }
    if (isRegistryError(error, 'not-found', 'too-large', 'digest-mismatch', 'size-mismatch'))
      return { ...nothing, fault: error }
    throw error
  }
}

function describe(document: unknown): Pick<SignedDocument, 'predicateType' | 'subjects' | 'provenance' | 'content'> {
  const inside =
    isRecord(document) && isJws(document) ? jwsPayload(document) : openEnvelope(document, { maxBytes: LIMIT })
  if (!isRecord(inside)) return { subjects: [] }
  const { predicateType, predicate } = inside
  if (typeof predicateType !== 'string')
    return inside === document && 'verificationMaterial' in inside
      ? { subjects: [] }
      : { subjects: [], content: printed(inside) }
  const provenance = parseProvenance(predicateType, predicate)
  return {
    predicateType,
    subjects: subjectsOf(inside.subject),
    ...(provenance && { provenance }),
    ...(!isSbomType(predicateType) && { content: printed(predicate) }),
  }
}

function isJws({ payload, protected: header }: Record<string, unknown>): boolean {
  return typeof payload === 'string' && typeof header === 'string'
}

function jwsPayload({ payload }: Record<string, unknown>): unknown {
  return parseJson(Buffer.from(String(payload), 'base64url'))
}

/** in-toto, "Statement": each subject has digests by algorithm. */
function subjectsOf(subject: unknown): StatementSubject[] {
  return (Array.isArray(subject) ? subject : [])
    .filter(isRecord)
    .slice(0, MAX_SUBJECTS)
    .flatMap(({ name, digest }) =>
      Object.entries(isRecord(digest) ? digest : {}).map(([algorithm, hex]) => ({
        name: typeof name === 'string' ? name : '',
        digest: `${algorithm}:${hex}`,
      })),
    )
}

function printed(value: unknown): string {
  const text = JSON.stringify(value, null, 2) ?? ''
  return text.length > MAX_CONTENT ? `${text.slice(0, MAX_CONTENT)}\n…` : text
}

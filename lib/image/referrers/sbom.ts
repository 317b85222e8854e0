import { type Descriptor, isRecord } from '../../oci/descriptor.ts'
import { openEnvelope } from '../../oci/envelope.ts'
import { parseJson } from '../../oci/json.ts'
import { RegistryError } from '../../registry/errors.ts'
import type { CallOptions, Repository } from '../../registry/registry.ts'
import { payloadOf } from './referrer.ts'
import { cyclonedxContents, type SbomContents, spdxContents, syftContents } from './sbom-packages.ts'
import { readSpdx3 } from './sbom-spdx3.ts'
import { readTagValue } from './spdx-tag-value.ts'

export type SbomFormat = 'spdx' | 'cyclonedx' | 'syft'

/** A software bill of materials, extracted from its envelope. */
export interface SbomDocument {
  readonly format: SbomFormat
  /** As the document says: `SPDX-2.3`, `3.0.1`, `1.5`; of Syft’s the version of its schema. */
  readonly version?: string
  readonly encoding: 'json' | 'text' | 'xml'
  /** The document itself: for JSON inside an envelope, printed again. */
  readonly text: string
  /** Its packages, in its order; not of XML. */
  readonly contents?: SbomContents
  /** The in-toto predicate type, where an attestation carried it. Signatures are not checked here. */
  readonly predicateType?: string
  /** The blob it came in. */
  readonly blob: Descriptor
}

/** A document larger than this is left to a download. */
const LIMIT = 16 * 1024 * 1024
const MAX_BLOBS = 32

/**
 * Reads the SBOMs in a referrer: bare documents, in-toto statements, DSSE envelopes and Sigstore bundles. Other
 * attestations in it are passed over; what looks like JSON and is not is a FormatError.
 * @throws RegistryError `too-large`, `not-found`; FormatError with code `json`
 */
export async function readSbom(
  repository: Repository,
  descriptor: Descriptor,
  { signal }: CallOptions = {},
): Promise<SbomDocument[]> {
  const options = { signal }
  const manifest = await repository.manifest(descriptor.digest, options)
  const documents: SbomDocument[] = []
  for (const blob of payloadOf(manifest).slice(0, MAX_BLOBS)) {
    // A layer of files isn't an SBOM, and may be large.
    if (/\btar\b/.test(blob.mediaType)) continue
    if (blob.size > LIMIT)
      throw new RegistryError(
        'too-large',
        `a document of ${blob.size} bytes is larger than ${LIMIT}: download it instead`,
        {
          host: repository.registry.location,
          repository: repository.name,
        },
      )
    const found = recognize(await repository.blobBytes(blob.digest, { ...options, limit: LIMIT }))
    if (found) documents.push({ ...found, blob })
  }
  return documents
}

type Recognized = Omit<SbomDocument, 'blob'>

/** A blob's type by its content: media types of SBOMs are too often wrong. */
function recognize(bytes: Uint8Array): Recognized | undefined {
  const text = new TextDecoder().decode(bytes)
  const start = text.trimStart().slice(0, 2000)
  if (start.startsWith('{')) return unwrap(parseJson(bytes, { maxBytes: LIMIT }), text, undefined, 0)
  const spdx = /^SPDXVersion:\s*(\S+)/m.exec(start)
  if (spdx?.[1])
    return { format: 'spdx', version: spdx[1], encoding: 'text', text, ...listed(spdxContents(readTagValue(text))) }
  const cyclonedx = /<bom\b[^>]*\bxmlns="http:\/\/cyclonedx\.org\/schema\/bom\/([0-9.]+)"/.exec(start)
  if (cyclonedx?.[1]) return { format: 'cyclonedx', version: cyclonedx[1], encoding: 'xml', text }
  return undefined
}

/** `text` is the document as found, undefined once it came out of an envelope. */
function unwrap(
  value: unknown,
  text: string | undefined,
  predicateType: string | undefined,
  depth: number,
): Recognized | undefined {
  if (!isRecord(value) || depth > 4) return undefined
  const named = predicateType ? { predicateType } : {}
  if (typeof value.spdxVersion === 'string')
    return {
      format: 'spdx',
      version: value.spdxVersion,
      encoding: 'json',
      text: text ?? print(value),
      ...listed(spdxContents(value)),
      ...named,
    }
  const spdx3 = readSpdx3(value)
  if (spdx3) return { format: 'spdx', encoding: 'json', text: text ?? print(value), ...spdx3, ...named }
  if (value.bomFormat === 'CycloneDX')
    return {
      format: 'cyclonedx',
      ...(typeof value.specVersion === 'string' && { version: value.specVersion }),
      encoding: 'json',
      text: text ?? print(value),
      ...listed(cyclonedxContents(value)),
      ...named,
    }
  if (isSyft(value))
    return {
      format: 'syft',
      ...(typeof value.schema.version === 'string' && { version: value.schema.version }),
      encoding: 'json',
      text: text ?? print(value),
      ...listed(syftContents(value)),
      ...named,
    }
  // Sigstore bundle → DSSE envelope → in-toto statement → predicate, which cosign may wrap once more as `Data`.
  const inside = openEnvelope(value, { maxBytes: LIMIT })
  if (inside !== value) return unwrap(inside, undefined, predicateType, depth + 1)
  const type = typeof value.predicateType === 'string' ? value.predicateType : predicateType
  return unwrapPart(value.predicate ?? value.Data, type, depth + 1)
}

/** Its schema's address ends in `/schema-16.0.0.json`, and the tool that wrote it may be another than Syft. */
function isSyft(value: Record<string, unknown>): value is { schema: Record<string, unknown> } {
  const { schema, artifacts } = value
  return isRecord(schema) && Array.isArray(artifacts) && /\/anchore\/syft\//.test(String(schema.url))
}

/** cosign attests SPDX as text (`--type spdx`), whatever the document is in. */
function unwrapPart(value: unknown, predicateType: string | undefined, depth: number): Recognized | undefined {
  if (typeof value !== 'string') return unwrap(value, undefined, predicateType, depth)
  const inner = recognize(Buffer.from(value))
  return inner && { ...inner, ...(predicateType && { predicateType }) }
}

function listed(contents: SbomContents | undefined): Pick<SbomDocument, 'contents'> {
  return contents ? { contents } : {}
}

function print(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`
}

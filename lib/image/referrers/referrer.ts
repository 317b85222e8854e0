import type { Descriptor } from '../../oci/descriptor.ts'
import { type Digest, isDigest } from '../../oci/digest.ts'
import type { FormatError } from '../../oci/format-error.ts'
import { isSbomType } from '../../oci/known-types.ts'
import type { Manifest } from '../../oci/manifest.ts'
import { MEDIA_TYPE } from '../../oci/media-type.ts'
import type { Tag } from '../../oci/reference.ts'
import { successors } from '../../oci/successors.ts'
import type { RegistryError } from '../../registry/errors.ts'
import type { StoredSignature } from '../../registry/registry.ts'
import { kindOfReferrer, type ReferrerKind } from './referrer-kind.ts'
import { predicateTypesOf, type Statement, statementsOf } from './statements.ts'

/** A referrer of a manifest: usually another manifest, else a signature in the registry's own store. */
export type Referrer = ManifestReferrer | SignatureReferrer

/** A manifest about another one: a signature, an attestation, an SBOM. */
export type ManifestReferrer = Described &
  (
    | { /** Its `subject` says so: found by the referrers API or the fallback tag. */ readonly source: 'api' }
    | { readonly source: 'cosign-tag'; readonly tag: Tag }
    | {
        /** A child of the index, as BuildKit makes them. */
        readonly source: 'attestation-child'
        /** The image of the index that it is about. */
        readonly about?: Digest
      }
  )

/** No manifest, and so no digest: the registry's signature store gives it a name. */
export interface SignatureReferrer extends StoredSignature {
  readonly source: 'signature-store'
  readonly kind: 'signature'
  readonly statements: readonly Statement[]
}

interface Described {
  readonly descriptor: Descriptor
  readonly kind: ReferrerKind
  /** An attestation's predicate types, such as `https://spdx.dev/Document`; empty if the document doesn't state any. */
  readonly predicateTypes: readonly string[]
  /** Its statements. */
  readonly statements: readonly Statement[]
  /** `readSbom` can be expected to find documents in it. */
  readonly sbom: boolean
  /** What it carries, its first 64 blobs: signatures, statements, documents. Absent where the manifest was not read. */
  readonly parts?: readonly Descriptor[]
  /** Why it couldn't be read: it's listed, but nothing else is known. */
  readonly fault?: RegistryError | FormatError
}

const MAX_PARTS = 64

/** The readable part of a referrer. */
export interface ReadReferrer {
  readonly manifest?: Manifest
  readonly fault?: RegistryError | FormatError
  /** As the signed document has it, where no annotation says it. */
  readonly predicateType?: string
}

/** Identifies a referrer of a subject: its digest, or its name in the signature store. */
export function nameOfReferrer(referrer: Referrer): string {
  return referrer.source === 'signature-store' ? referrer.name : referrer.descriptor.digest
}

/** Judges a referrer by every type that it and what it carries name. */
export function describeReferrer(
  source: ManifestReferrer['source'],
  descriptor: Descriptor,
  { manifest, fault, predicateType }: ReadReferrer = {},
): Described {
  const parts = manifest && payloadOf(manifest).slice(0, MAX_PARTS)
  // The fallback tag's index may list a manifest without its annotations (cosign #4335); the manifest has them.
  const self = manifest ? withAnnotationsOf(descriptor, manifest) : descriptor
  const all = [self, ...(manifest && manifest.kind !== 'index' ? successors(manifest).slice(0, MAX_PARTS) : [])]
  const predicateTypes = [...new Set([...all.flatMap(predicateTypesOf), ...(predicateType ? [predicateType] : [])])]
  const types = [...all.flatMap((part) => [part.mediaType, part.artifactType ?? '']), ...predicateTypes]
  const kind = kindOfReferrer(source, types, predicateTypes)
  return {
    descriptor: self,
    kind,
    predicateTypes,
    statements: statementsOf(kind, self, parts ?? []),
    sbom: kind === 'sbom' || types.some(isSbomType),
    ...(parts && { parts }),
    ...(fault && { fault }),
  }
}

/** The descriptor completed from the manifest itself. */
function withAnnotationsOf(descriptor: Descriptor, manifest: Manifest): Descriptor {
  const annotations = new Map([...manifest.annotations, ...(descriptor.annotations ?? [])])
  const artifactType = descriptor.artifactType ?? manifest.artifactType
  return { ...descriptor, ...(annotations.size > 0 && { annotations }), ...(artifactType && { artifactType }) }
}

/** The blobs that a referrer is about: neither its config nor the empty layer that an artifact without content has. */
export function payloadOf(manifest: Manifest): readonly Descriptor[] {
  const blobs = 'layers' in manifest ? manifest.layers : manifest.kind === 'oci-artifact' ? manifest.blobs : []
  return blobs.filter((blob) => blob.mediaType !== MEDIA_TYPE.ociEmpty)
}

/** The image that an attestation in an index is about. */
export function aboutOf(attestation: Descriptor): Digest | undefined {
  const about = attestation.annotations?.get('vnd.docker.reference.digest')
  return isDigest(about) ? about : undefined
}

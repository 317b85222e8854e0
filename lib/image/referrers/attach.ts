import type { Descriptor } from '../../oci/descriptor.ts'
import { digestOf } from '../../oci/digester.ts'
import { MEDIA_TYPE } from '../../oci/media-type.ts'
import type { Selector } from '../../oci/reference.ts'
import type { CallOptions, Repository } from '../../registry/registry.ts'

/** An artifact to attach to a manifest: a signature, an attestation, an SBOM. */
export interface Attachment {
  /** Its type: `application/spdx+json`. */
  readonly artifactType: string
  readonly blobs: readonly AttachedBlob[]
  readonly annotations?: Readonly<Record<string, string>>
}

export interface AttachedBlob {
  readonly mediaType: string
  readonly content: Uint8Array
  readonly annotations?: Readonly<Record<string, string>>
}

const EMPTY = Buffer.from('{}')

/**
 * Attaches an artifact to a manifest by `subject` (image-spec 1.1, "Guidelines for Artifact Usage"). Where the registry
 * has no referrers API its fallback index is kept, also while others write to it. The subject itself is not changed.
 * @returns the descriptor of the new manifest
 * @throws RegistryError `not-found` when there is no such subject
 */
export async function attach(
  repository: Repository,
  subject: Selector,
  { artifactType, blobs, annotations }: Attachment,
  { signal }: CallOptions = {},
): Promise<Descriptor> {
  const options = { signal }
  const { mediaType, digest, size } = await repository.resolve(subject, options)
  const config = await uploadBlob(repository, { mediaType: MEDIA_TYPE.ociEmpty, content: EMPTY }, options)
  const layers = []
  // An artifact has to have a layer, be it the empty one.
  if (blobs.length === 0) layers.push(config)
  for (const blob of blobs) layers.push(await uploadBlob(repository, blob, options))
  const document = {
    schemaVersion: 2,
    mediaType: MEDIA_TYPE.ociManifest,
    artifactType,
    config,
    layers,
    subject: { mediaType, digest, size },
    ...(annotations && { annotations }),
  }
  const bytes = Buffer.from(JSON.stringify(document))
  return repository.putManifest(digestOf(bytes), { mediaType: MEDIA_TYPE.ociManifest, bytes }, options)
}

/** Uploads a small blob, unless it exists. Resolves to its descriptor as a manifest writes it. */
export async function uploadBlob(
  repository: Repository,
  { mediaType, content, annotations }: AttachedBlob,
  options: CallOptions,
) {
  const digest = digestOf(content)
  if (!(await repository.statBlob(digest, options))) await repository.putBlob(content, { ...options, digest })
  return { mediaType, digest, size: content.byteLength, ...(annotations && { annotations }) }
}

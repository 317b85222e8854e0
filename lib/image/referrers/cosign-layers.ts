import { type Descriptor, isRecord } from '../../oci/descriptor.ts'
import type { Digest } from '../../oci/digest.ts'
import { parseJson } from '../../oci/json.ts'
import type { ImageManifest } from '../../oci/manifest.ts'
import { MEDIA_TYPE } from '../../oci/media-type.ts'
import type { Tag } from '../../oci/reference.ts'
import { isRegistryError, RegistryError } from '../../registry/errors.ts'
import type { CallOptions, Repository } from '../../registry/registry.ts'
import { changeSharedTag } from '../../registry/shared-tag.ts'
import { digestAt } from '../graph/digest-at.ts'
import { readIfPresent } from '../graph/scan-tags.ts'
import { uploadBlob } from './attach.ts'
import { type CosignSuffix, cosignTag } from './referrers-tag.ts'
import { identityOf } from './statements.ts'

const NO_TIME = '0001-01-01T00:00:00Z'

/**
 * Adds layers to the manifest that cosign keeps under a tag of the subject (cosign, "Signature Specification"). Layers
 * that are there stay, also those that another writer adds at the same time; one that is there is not added again.
 * @param layers their blobs are in the repository
 * @throws RegistryError `unsupported` when the tag holds something else, `conflict` when others overwrite it all the time
 */
export async function addCosignLayers(
  repository: Repository,
  subject: Digest,
  suffix: CosignSuffix,
  layers: readonly Descriptor[],
  options: CallOptions = {},
): Promise<{ readonly tag: Tag; readonly digest: Digest }> {
  const tag = cosignTag(subject, suffix)
  const attempt = async (): Promise<'kept' | 'written'> => {
    const held = await readIfPresent(repository, tag, options)
    if (held && held.kind !== 'oci-image') throw occupied(repository, tag)
    const missing = missingFrom(held, layers)
    if (missing.length === 0) return 'kept'
    const bytes = await documentWith(repository, held, missing, options)
    try {
      const expect = held?.digest ?? null
      await repository.putManifest(tag, { mediaType: MEDIA_TYPE.ociManifest, bytes }, { ...options, expect })
    } catch (error) {
      // Another writer was quicker: its layers are read in the next turn.
      if (!isRegistryError(error, 'conflict')) throw error
    }
    return 'written'
  }
  await changeSharedTag(`${repository.registry.location}/${repository.name}:${tag}`, attempt, options)
  const digest = await digestAt(repository, tag, options)
  if (!digest)
    throw new RegistryError('not-found', `${tag} was deleted in the meantime`, { repository: repository.name })
  return { tag, digest }
}

/** Whether the tag has all of the layers, so that nothing would be added. */
export async function holdsCosignLayers(
  repository: Repository,
  tag: Tag,
  layers: readonly Descriptor[],
  options: CallOptions = {},
): Promise<boolean> {
  const held = await readIfPresent(repository, tag, options)
  return held?.kind === 'oci-image' && missingFrom(held, layers).length === 0
}

function missingFrom(held: ImageManifest | undefined, layers: readonly Descriptor[]): Descriptor[] {
  const there = new Set(held?.layers.map(identityOf))
  return layers.filter((layer) => !there.has(identityOf(layer)))
}

async function documentWith(
  repository: Repository,
  held: ImageManifest | undefined,
  added: readonly Descriptor[],
  options: CallOptions,
): Promise<Uint8Array> {
  // Fields that we do not know stay as they were written.
  const read = held && parseJson(held.bytes)
  const before = isRecord(read) ? read : { schemaVersion: 2, mediaType: MEDIA_TYPE.ociManifest }
  const layers = Array.isArray(before.layers) ? before.layers : []
  const config =
    held && held.config.mediaType !== MEDIA_TYPE.ociConfig
      ? before.config
      : await configWith(repository, held?.config, added, options)
  const document = { ...before, config, layers: [...layers, ...added.map(layerJson)] }
  return Buffer.from(JSON.stringify(document))
}

/** An image configuration that lists each layer, as tools expect of an image. */
async function configWith(
  repository: Repository,
  held: Descriptor | undefined,
  added: readonly Descriptor[],
  options: CallOptions,
) {
  const read = held && parseJson(await repository.blobBytes(held.digest, options))
  const history = [{ created: NO_TIME }]
  const before = isRecord(read) ? read : { architecture: '', os: '', created: NO_TIME, history, config: {} }
  const known = isRecord(before.rootfs) && Array.isArray(before.rootfs.diff_ids) ? before.rootfs.diff_ids : []
  const rootfs = { type: 'layers', diff_ids: [...known, ...added.map(({ digest }) => digest)] }
  const content = Buffer.from(JSON.stringify({ ...before, rootfs }))
  return uploadBlob(repository, { mediaType: MEDIA_TYPE.ociConfig, content }, options)
}

function layerJson({ mediaType, digest, size, annotations }: Descriptor) {
  return { mediaType, digest, size, ...(annotations && { annotations: Object.fromEntries(annotations) }) }
}

function occupied({ name, registry }: Repository, tag: Tag): RegistryError {
  return new RegistryError('unsupported', `the tag ${tag} holds something other than signatures`, {
    host: registry.location,
    repository: name,
  })
}

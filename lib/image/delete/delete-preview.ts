import type { Descriptor } from '../../oci/descriptor.ts'
import type { Digest } from '../../oci/digest.ts'
import { childrenOf } from '../../oci/index-entries.ts'
import type { Manifest } from '../../oci/manifest.ts'
import type { Tag } from '../../oci/reference.ts'
import type { DeleteCapabilities } from '../../registry/capabilities.ts'
import { isRegistryError } from '../../registry/errors.ts'
import type { CallOptions, Repository } from '../../registry/registry.ts'
import { type ResolveTagsOptions, resolveTags, type TagSource } from '../../registry/resolve-tags.ts'
import { type ContainingIndex, indexesContaining, tagsOn } from '../graph/scan-tags.ts'
import type { Referrer } from '../referrers/referrer.ts'
import { listReferrers } from '../referrers/referrers.ts'
import { parseReferrersTag, type ReferrersTag } from '../referrers/referrers-tag.ts'
import { unneededBlobs } from './delete-blobs.ts'
import { uniqueBytes } from './unique-bytes.ts'

/** All effects of a deletion, as of now. */
export interface DeletionPreview {
  readonly digest: Digest
  readonly mediaType: string
  readonly kind: Manifest['kind']
  /** Every tag on the digest over all pages, including the given one: all are deleted with the image. */
  readonly tagsOnDigest: readonly Tag[]
  /** Live indexes that list the digest and would be left with a gap. */
  readonly indexes: readonly ContainingIndex[]
  /** Children of an index: left behind on some registries, deleted along on others. */
  readonly children: readonly Descriptor[]
  /** Signatures, attestations and other referrers, which would lose their subject. */
  readonly referrers: readonly Referrer[]
  /** False when not all referrers could be listed. */
  readonly referrersComplete: boolean
  /**
   * Bytes of the blobs that no other tagged manifest of this repository reaches: an estimate, as other repositories may
   * share them and space is freed only by garbage collection. Undefined where it could not be worked out.
   */
  readonly uniqueBytes: number | undefined
  /** The blobs that could be deleted too, as no other manifest needs them. Undefined where that can't be determined: `deletes.blobs`. */
  readonly unneededBlobs: readonly Descriptor[] | undefined
  readonly scanned: { readonly tags: number; readonly complete: boolean; readonly reason?: string }
  readonly deletes: DeleteCapabilities
  /** Set when the tag itself holds signatures or referrers of a digest, rather than an ordinary image. */
  readonly digestTag?: ReferrersTag
}

export interface PreviewOptions extends ResolveTagsOptions {
  /** As of `Repository.deletes`. */
  readonly probe?: boolean
  /** The source of the tags' targets. Default: the registry, with a request for each tag now, sixteen at a time. */
  readonly tags?: TagSource
}

/**
 * Finds everything attached to a manifest before it's deleted.
 * @throws RegistryError `not-found` when there is nothing to delete
 */
export async function previewDeletion(
  repository: Repository,
  target: { readonly tag: Tag } | { readonly digest: Digest },
  { signal, onProgress, probe = true, tags = repository }: PreviewOptions = {},
): Promise<DeletionPreview> {
  const options = { signal }
  const reference = 'tag' in target ? target.tag : target.digest
  const [manifest, scan, deletes] = await Promise.all([
    repository.manifest(reference, options),
    resolveTags(tags, { signal, onProgress, known: 'tag' in target ? target.tag : undefined }),
    repository.deletes({ ...options, probe }),
  ])
  const [indexes, referrers, unique, unneeded] = await Promise.all([
    indexesContaining(repository, manifest.digest, scan, options),
    listReferrers(repository, manifest.digest, { ...options, manifest, tags: [...scan.tags.keys()] }),
    uniqueBytes(repository, manifest, scan, options),
    deletes.blobs.state === 'yes' ? unneededIfKnown(repository, manifest, options) : undefined,
  ])
  const digestTag = 'tag' in target ? parseReferrersTag(target.tag) : undefined
  return {
    digest: manifest.digest,
    mediaType: manifest.mediaType,
    kind: manifest.kind,
    tagsOnDigest: tagsOn(scan, manifest.digest),
    indexes,
    children: manifest.kind === 'index' ? childrenOf(manifest) : [],
    // The attestations inside an index are its children, not left behind by it.
    referrers: referrers.items.filter((referrer) => referrer.source !== 'attestation-child'),
    referrersComplete: referrers.end.complete,
    uniqueBytes: unique,
    unneededBlobs: unneeded,
    scanned: { tags: scan.tags.size, complete: scan.complete, ...(scan.reason && { reason: scan.reason }) },
    deletes,
    ...(digestTag && { digestTag }),
  }
}

async function unneededIfKnown(
  repository: Repository,
  manifest: Manifest,
  options: CallOptions,
): Promise<Descriptor[] | undefined> {
  try {
    return await unneededBlobs(repository, manifest, options)
  } catch (error) {
    if (isRegistryError(error, 'unsupported')) return undefined
    throw error
  }
}

import type { Descriptor } from '../../oci/descriptor.ts'
import { type Digest, isDigest } from '../../oci/digest.ts'
import { childrenOf } from '../../oci/index-entries.ts'
import type { Manifest } from '../../oci/manifest.ts'
import type { Tag } from '../../oci/reference.ts'
import { mapConcurrent } from '../../registry/concurrent.ts'
import { RegistryError } from '../../registry/errors.ts'
import type { CallOptions, DeleteTagOptions, Repository, TagDeletion } from '../../registry/registry.ts'
import { digestAt } from '../graph/digest-at.ts'
import { type ContainingIndex, indexesContaining } from '../graph/scan-tags.ts'
import { type BlobDeletion, deleteUnneededBlobs, requireBlobDeletion } from './delete-blobs.ts'
import { resolveEveryTag } from './resolve-every-tag.ts'

export interface TagDeletionReport {
  readonly result: TagDeletion
  /** Afterwards: the tag is deleted (or restored), the digest and every sibling still exist. */
  readonly verified: boolean
  /** How many siblings there are. */
  readonly siblings: number
  /** The problems found, for people. Empty when verified. */
  readonly problems: readonly string[]
}

/**
 * Deletes one tag and verifies afterwards that only that has happened.
 * @throws RegistryError `conflict` when the tag has moved since it was shown; whatever the registry refuses
 */
export async function deleteTag(
  repository: Repository,
  tag: Tag,
  options: DeleteTagOptions,
): Promise<TagDeletionReport> {
  const { siblings = [], isOneOfMany, signal } = options
  const result = await repository.deleteTag(tag, options)
  const others = siblings.filter((sibling) => sibling !== tag)
  const spared = new Set('spared' in result ? result.spared : [])
  const stays = (references: readonly (Tag | Digest)[]) =>
    references
      .filter((reference) => !spared.has(reference))
      .map((reference): Check => {
        return { reference, expect: options.expect }
      })
  const first = isOneOfMany ? 1 : others.length
  const problems = await verify(repository, stays([options.expect, ...others.slice(0, first)]), { signal })
  if (problems.length > 0) problems.push(...(await verify(repository, stays(others.slice(first)), { signal })))
  return { result, verified: problems.length === 0, siblings: others.length, problems }
}

export interface DeleteImageOptions extends CallOptions {
  /** Every tag that the user was shown on the digest: all of them are deleted. */
  readonly expectTags: readonly Tag[]
  /**
   * Deletes although a live index lists the image and will be left with a gap. Layouts and some registries (zot) refuse
   * even so.
   */
  readonly force?: boolean
  /**
   * `delete-unneeded`: afterwards blobs that no manifest needs any more are deleted. Refused with `unsupported` before
   * anything is changed where the registry cannot know that. Default `keep`.
   */
  readonly layers?: 'keep' | 'delete-unneeded'
  /**
   * Given the document and its tags before anything is changed, so that they can be restored. The deletion waits for it
   * and does not happen when it throws.
   */
  readonly save?: (manifest: Manifest, tags: readonly Tag[]) => Promise<void>
  /** Asked before anything is changed, if live indexes would be left with a gap: throws to refuse that. */
  readonly mayBreak?: (indexes: readonly ContainingIndex[]) => Promise<void>
}

export interface ImageDeletionReport {
  /** Afterwards: the digest and its tags are deleted, and the children of an index still exist. */
  readonly verified: boolean
  readonly problems: readonly string[]
  /** Live indexes that now list a deleted manifest. */
  readonly broken: readonly ContainingIndex[]
  /** One for each blob of the image, where they were to be deleted; else empty. */
  readonly blobs: readonly BlobDeletion[]
}

/**
 * Deletes a manifest with every tag on it.
 * @throws RegistryError `conflict` when its tags are not the ones that were shown, when they cannot all be seen, or,
 *   without `force`, while a live index lists it
 */
export async function deleteImage(
  repository: Repository,
  digest: Digest,
  { expectTags, force = false, layers = 'keep', save, mayBreak, signal }: DeleteImageOptions,
): Promise<ImageDeletionReport> {
  const options = { signal }
  if (layers === 'delete-unneeded') await requireBlobDeletion(repository, options)
  const details = { host: repository.registry.location, repository: repository.name }
  const [manifest, scan] = await Promise.all([
    repository.manifest(digest, options),
    resolveEveryTag(repository, options),
  ])
  const indexes = await indexesContaining(repository, digest, scan, options)
  if (indexes.length > 0 && !force) {
    const names = indexes.map((index) => index.tags[0] ?? index.digest).join(', ')
    throw new RegistryError('conflict', `${digest} is part of ${names}`, { ...details, found: names })
  }
  if (indexes.length > 0) await mayBreak?.(indexes)
  // A sparse index never had some of its children, so only those that existed before count.
  const children = manifest.kind === 'index' ? await present(repository, childrenOf(manifest), options) : []
  await save?.(manifest, expectTags)
  await repository.deleteManifest(digest, { ...options, expectTags })
  const gone: Check[] = [digest, ...expectTags].map((reference) => ({ reference, expect: undefined }))
  const kept: Check[] = children.map((child) => ({ reference: child, expect: child }))
  const problems = await verify(repository, [...gone, ...kept], options)
  const blobs = layers === 'delete-unneeded' ? await deleteUnneededBlobs(repository, manifest, options) : []
  return { verified: problems.length === 0, problems, broken: indexes, blobs }
}

interface Check {
  readonly reference: Tag | Digest
  /** `undefined`: absent. */
  readonly expect: Digest | undefined
}

async function verify(repository: Repository, checks: readonly Check[], options: CallOptions): Promise<string[]> {
  const verdicts = await mapConcurrent(checks, (check) => verifyOne(repository, check, options), options)
  return verdicts.flatMap((problem) => problem ?? [])
}

async function verifyOne(
  repository: Repository,
  { reference, expect }: Check,
  options: CallOptions,
): Promise<string | undefined> {
  try {
    const found = await digestAt(repository, reference, options)
    if (found === expect) return undefined
    if (!expect) return `${reference} still exists, at ${found}`
    return found ? `${reference} points at ${found} instead of ${expect}` : `${reference} is missing`
  } catch (error) {
    options.signal?.throwIfAborted()
    return `${reference} couldn’t be checked: ${error instanceof Error ? error.message : String(error)}`
  }
}

async function present(
  repository: Repository,
  descriptors: readonly Descriptor[],
  options: CallOptions,
): Promise<Digest[]> {
  const digests = new Set(descriptors.map((descriptor) => descriptor.digest).filter(isDigest))
  const found = await mapConcurrent([...digests], (digest) => digestAt(repository, digest, options), options)
  return found.flatMap((digest) => digest ?? [])
}

import 'server-only'
import type { Actor } from '../../access/actor.ts'
import { allows } from '../../access/authorize.ts'
import { forgetNames } from '../../catalog/repository-names.ts'
import { forgetTags } from '../../catalog/tag-list.ts'
import { retag } from '../../image/copy/retag.ts'
import { deleteImage, deleteTag } from '../../image/delete/delete.ts'
import type { BlobDeletion } from '../../image/delete/delete-blobs.ts'
import { type DeletionPreview, previewDeletion } from '../../image/delete/delete-preview.ts'
import type { Descriptor } from '../../oci/descriptor.ts'
import type { Digest } from '../../oci/digest.ts'
import type { Place } from '../../oci/place.ts'
import type { RepositoryName, Tag, TagOrDigest } from '../../oci/reference.ts'
import { sentence } from '../../problem/problem.ts'
import { isOutage, isRegistryError } from '../../registry/errors.ts'
import { type DescriptorView, descriptorView } from '../manifest/manifest-view.ts'
import { openRepository } from '../registries/open.ts'
import { brokenOff, followedJournal, isBrokenOff, journalled, settleLater } from './deletion-journal.ts'

/** What a tag name stands for at the moment. */
export type TagState = { readonly readOnly: boolean } & (
  | { readonly exists: false }
  | { readonly exists: true; readonly digest: string; readonly mediaType: string; readonly mayOverwrite: boolean }
)

/** Asked of the registry itself, never of a cache: a change is decided by it. @throws RegistryError, AccessError */
export async function readTagState(
  actor: Actor,
  place: Place,
  tag: Tag,
  verb: 'browse' | 'create-tag' = 'browse',
): Promise<TagState> {
  const { readOnly } = actor
  const opened = openRepository(actor, verb, { ...place, tag })
  try {
    const { digest, mediaType } = await opened.resolve(tag)
    const mayOverwrite = allows(actor, 'overwrite-tag', { ...place, tag })
    return { readOnly, exists: true, digest, mediaType, mayOverwrite }
  } catch (error) {
    if (isRegistryError(error, 'not-found')) return { readOnly, exists: false }
    throw error
  }
}

export interface RetagInput extends Place {
  readonly from: TagOrDigest
  readonly to: Tag
  /** What `to` pointed at when the user confirmed; `null`: it did not exist. */
  readonly expect: Digest | null
}

/** @throws RegistryError `conflict`, AccessError: overwriting is a right of its own */
export async function retagImage(
  actor: Actor,
  { registry, repository, from, to, expect }: RetagInput,
): Promise<{ readonly digest: string; readonly unchanged: boolean }> {
  const verb = expect === null ? 'create-tag' : 'overwrite-tag'
  const opened = openRepository(actor, verb, { registry, repository, tag: to })
  try {
    const { digest, unchanged } = await retag(opened, { from, to, expect })
    return { digest, unchanged: unchanged === true }
  } finally {
    forgetTags(registry, repository)
  }
}

/** What a deletion touches, as plain values. */
export interface DeletionPreviewView {
  readonly digest: string
  readonly kind: DeletionPreview['kind']
  readonly tagsOnDigest: readonly string[]
  readonly indexes: readonly { readonly digest: string; readonly tags: readonly string[] }[]
  readonly children: readonly DescriptorView[]
  /** How many signatures, attestations and other referrers would be left without what they are about. */
  readonly referrers: number
  readonly uniqueBytes?: number
  /** What could go along with the image, as nothing else needs it. Absent where that cannot be known. */
  readonly unneededBlobs?: { readonly count: number; readonly bytes: number }
  readonly scannedTags: number
  /** Why the look over all tags is not whole. */
  readonly incomplete?: string
  readonly tagStrategy: 'direct' | 'replace' | 'none'
  readonly tagEvidence: string
  readonly canDeleteManifest: boolean
  readonly manifestEvidence: string
  readonly advice?: string
  readonly readOnly: boolean
}

/** @throws RegistryError `not-found`, AccessError */
export async function previewChange(actor: Actor, place: Place, target: TagOrDigest): Promise<DeletionPreviewView> {
  const opened = openRepository(actor, 'preview-deletion', place)
  const preview = await previewDeletion(
    opened,
    target.includes(':') ? { digest: target as Digest } : { tag: target as Tag },
  )
  const { deletes, scanned, uniqueBytes, unneededBlobs } = preview
  return {
    digest: preview.digest,
    kind: preview.kind,
    tagsOnDigest: preview.tagsOnDigest,
    indexes: preview.indexes,
    children: preview.children.map(descriptorView),
    referrers: preview.referrers.length,
    ...(uniqueBytes !== undefined && { uniqueBytes }),
    ...(unneededBlobs && { unneededBlobs: { count: unneededBlobs.length, bytes: totalSize(unneededBlobs) } }),
    scannedTags: scanned.tags,
    ...(!scanned.complete && { incomplete: scanned.reason ?? 'not all tags could be read' }),
    tagStrategy: deletes.tagStrategy,
    tagEvidence: deletes.tag.evidence,
    canDeleteManifest: deletes.manifest.state !== 'no',
    manifestEvidence: deletes.manifest.evidence,
    ...(deletes.advice && { advice: deletes.advice }),
    readOnly: actor.readOnly,
  }
}

export interface DeletionResult {
  readonly outcome: 'deleted' | 'replaced-then-deleted' | 'restored' | 'unsupported'
  readonly reason?: string
  /** A more harmful way that is left: only for who asks for it by name. */
  readonly further?: 'allow-dummy'
  readonly verified: boolean
  /** What was found not to be as it should afterwards. */
  readonly problems: readonly string[]
  /** Names the deletion for `undoDeletion`; absent where there is nothing to undo or the actor may not. */
  readonly undo?: string
  /** Where layers were to be deleted: one for the config and each layer. */
  readonly blobs?: readonly BlobDeletionView[]
}

export type BlobDeletionView = { readonly digest: string; readonly size: number } & (
  | { readonly outcome: 'deleted' }
  /** By a manifest in this repository; without a digest it is in another one. */
  | { readonly outcome: 'kept'; readonly neededBy?: string }
  | { readonly outcome: 'refused'; readonly reason: string }
)

export interface DeleteTagInput extends Place {
  readonly tag: Tag
  readonly expect: Digest
  /** The other tags that were shown on the digest: each is checked afterwards. */
  readonly siblings: readonly Tag[]
  readonly strategy: 'allow-replace' | 'allow-dummy'
}

/** Deletes one tag, in the way that the preview or an earlier refusal named. @throws RegistryError `conflict`, AccessError */
export async function removeTag(
  actor: Actor,
  { registry, repository, tag, expect, siblings, strategy }: DeleteTagInput,
): Promise<DeletionResult> {
  const opened = openRepository(actor, 'delete', { registry, repository, tag })
  const { journal, lastEntry } = followedJournal()
  try {
    const options = { expect, siblings, strategy, journal }
    const { result, verified, problems } = await deleteTag(opened, tag, options)
    const found = { outcome: result.outcome, verified, problems }
    if ('reason' in result) {
      const { reason } = result
      return { ...found, reason: sentence(reason), ...('further' in result && { further: result.further }) }
    }
    const entry = lastEntry()
    return { ...found, ...undoable(actor, { registry, repository }, entry?.undoable ? entry.id : undefined) }
  } catch (error) {
    const entry = lastEntry()
    if (!entry || !isOutage(error) || !(await isBrokenOff(entry.id))) throw error
    settleLater(entry.id)
    throw brokenOff(error, tag)
  } finally {
    forgetTags(registry, repository)
    forgetNames(registry)
  }
}

export interface DeleteImageInput extends Place {
  readonly digest: Digest
  readonly expectTags: readonly Tag[]
  /** Delete although a live index lists it. */
  readonly force: boolean
  /** Deletes the layers that nothing else needs, too: then there is nothing to undo it with. */
  readonly layers: boolean
}

/** Deletes a manifest with every tag on it. @throws RegistryError `conflict`, AccessError */
export async function removeImage(
  actor: Actor,
  { registry, repository, digest, expectTags, force, layers }: DeleteImageInput,
): Promise<DeletionResult> {
  const opened = openRepository(actor, 'delete', { registry, repository })
  try {
    const { result, entry } = await journalled(registry, repository, (save) =>
      deleteImage(opened, digest, { expectTags, force, layers: layers ? 'delete-unneeded' : 'keep', save }),
    )
    const { verified, problems } = result
    const found = { outcome: 'deleted', verified, problems } as const
    const blobs = result.blobs.map((blob) => blobOutcomeView(blob, repository))
    if (blobs.some(({ outcome }) => outcome === 'deleted')) return { ...found, blobs }
    return { ...found, ...(layers && { blobs }), ...undoable(actor, { registry, repository }, entry) }
  } finally {
    forgetTags(registry, repository)
    forgetNames(registry)
  }
}

/** Whoever may delete here need not know what other repositories hold. */
function blobOutcomeView(blob: BlobDeletion, repository: RepositoryName): BlobDeletionView {
  const { digest, size } = blob.descriptor
  switch (blob.outcome) {
    case 'deleted':
      return { digest, size, outcome: 'deleted' }
    case 'kept': {
      const isHere = blob.neededBy.repository === repository
      return { digest, size, outcome: 'kept', ...(isHere && { neededBy: blob.neededBy.digest }) }
    }
    case 'refused':
      return { digest, size, outcome: 'refused', reason: blob.reason }
  }
}

function totalSize(descriptors: readonly Descriptor[]): number {
  return descriptors.reduce((sum, { size }) => sum + Math.max(0, size), 0)
}

function undoable(actor: Actor, place: Place, entry: string | undefined): { readonly undo?: string } {
  return entry && allows(actor, 'restore', place) ? { undo: entry } : {}
}

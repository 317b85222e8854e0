import 'server-only'
import type { Actor } from '../../access/actor.ts'
import { type DeletionPreview, previewDeletion } from '../../image/delete/delete-preview.ts'
import type { Descriptor } from '../../oci/descriptor.ts'
import { isDigest } from '../../oci/digest.ts'
import type { Place } from '../../oci/place.ts'
import type { TagOrDigest } from '../../oci/reference.ts'
import { type DescriptorView, descriptorView } from '../manifest/manifest-view.ts'
import { openRepository } from '../registries/open.ts'

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
  /** Blobs that nothing else needs, so that they can be deleted too. Absent where that can't be determined. */
  readonly unneededBlobs?: { readonly count: number; readonly bytes: number }
  readonly scannedTags: number
  /** Why not all tags could be checked. */
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
  const preview = await previewDeletion(opened, isDigest(target) ? { digest: target } : { tag: target }, {
    // A read-only Lading sends no DELETE, not even one that probes.
    probe: !actor.readOnly,
  })
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

function totalSize(descriptors: readonly Descriptor[]): number {
  return descriptors.reduce((sum, { size }) => sum + Math.max(0, size), 0)
}

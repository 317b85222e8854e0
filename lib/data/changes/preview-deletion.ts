import 'server-only'
import type { Actor } from '../../access/actor.ts'
import { allows, maySeeSetup } from '../../access/authorize.ts'
import { type DeletionPreview, previewDeletion } from '../../image/delete/delete-preview.ts'
import type { Descriptor } from '../../oci/descriptor.ts'
import { isDigest } from '../../oci/digest.ts'
import type { Place } from '../../oci/place.ts'
import type { Selector } from '../../oci/reference.ts'
import { ASK_ADMIN } from '../../problem/problem.ts'
import { withoutAddresses } from '../../problem/without-addresses.ts'
import { type DescriptorView, descriptorView } from '../manifest/manifest-view.ts'
import { shownProtection } from '../protection/shown-protection.ts'
import { openRepository } from '../registries/open.ts'
import { readForChange } from './needs-registry.ts'
import { type ShownTags, toShownTags } from './shown-tags.ts'
import { tagsSeenLately } from './tags-seen-lately.ts'

/** The effects of a deletion, as plain values. */
export interface DeletionPreviewView {
  readonly digest: string
  readonly kind: DeletionPreview['kind']
  readonly tagsOnDigest: readonly string[]
  /** The same, to be sent back with the deletion. */
  readonly shown: ShownTags
  readonly indexes: readonly { readonly digest: string; readonly tags: readonly string[] }[]
  readonly children: readonly DescriptorView[]
  /** How many signatures, attestations and other referrers would lose their subject. */
  readonly referrers: number
  readonly uniqueBytes?: number
  /** Blobs that nothing else needs, so that they can be deleted too. Absent where that can't be determined. */
  readonly unneededBlobs?: { readonly count: number; readonly bytes: number }
  readonly scannedTags: number
  /** Milliseconds since the first of them was looked at. */
  readonly scannedAgo: number
  /** Why not all tags could be checked. */
  readonly incomplete?: string
  readonly tagStrategy: 'direct' | 'replace' | 'none'
  readonly tagEvidence: string
  readonly canDeleteManifest: boolean
  readonly manifestEvidence: string
  readonly advice?: string
  readonly readOnly: boolean
  /** The rule that protects each of the tags above, by tag. */
  readonly protectedBy: Readonly<Record<string, string>>
  /** Whether the actor may change a protected tag, with a reason. */
  readonly mayOverride: boolean
}

/** @throws RegistryError `not-found`, AccessError */
export async function previewChange(actor: Actor, place: Place, target: Selector): Promise<DeletionPreviewView> {
  const opened = openRepository(actor, 'preview-deletion', place)
  const tagSource = await tagsSeenLately(opened, target)
  const preview = await readForChange(opened, () =>
    previewDeletion(opened, isDigest(target) ? { digest: target } : { tag: target }, {
      tags: tagSource,
      // A read-only Lading sends no DELETE, not even as a probe.
      probe: !actor.readOnly,
    }),
  )
  const { deletes, scanned, uniqueBytes, unneededBlobs } = preview
  const isAdmin = maySeeSetup(actor)
  const shown = (text: string) => (isAdmin ? text : withoutAddresses(text, opened.registry.location))
  const tags = [...preview.tagsOnDigest, ...preview.indexes.flatMap((index) => index.tags)]
  return {
    digest: preview.digest,
    kind: preview.kind,
    tagsOnDigest: preview.tagsOnDigest,
    shown: toShownTags(preview.tagsOnDigest),
    indexes: preview.indexes,
    children: preview.children.map(descriptorView),
    referrers: preview.referrers.length,
    ...(uniqueBytes !== undefined && { uniqueBytes }),
    ...(unneededBlobs && { unneededBlobs: { count: unneededBlobs.length, bytes: totalSize(unneededBlobs) } }),
    scannedTags: scanned.tags,
    scannedAgo: tagSource.age,
    ...(!scanned.complete && { incomplete: shown(scanned.reason ?? 'not all tags could be read') }),
    tagStrategy: deletes.tagStrategy,
    tagEvidence: shown(deletes.tag.evidence),
    canDeleteManifest: deletes.manifest.state !== 'no',
    manifestEvidence: shown(deletes.manifest.evidence),
    ...(deletes.advice && { advice: isAdmin ? deletes.advice : ASK_ADMIN }),
    readOnly: actor.readOnly,
    protectedBy: await shownProtection(place, tags),
    mayOverride: allows(actor, 'manage', place),
  }
}

function totalSize(descriptors: readonly Descriptor[]): number {
  return descriptors.reduce((sum, { size }) => sum + Math.max(0, size), 0)
}

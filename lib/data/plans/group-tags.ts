import { plural } from '../../format/bytes.ts'
import type { Digest } from '../../oci/digest.ts'
import type { Tag } from '../../oci/reference.ts'
import { partOf } from './check-item.ts'
import { HOLDS_NOTHING, type Holds, type PlannedItem } from './plan.ts'

/** What is known about a repository when a plan is made. */
export interface KnownRepository {
  /** Every readable tag, except referrer tags. */
  readonly tags: ReadonlyMap<Tag, KnownImage>
  /** Listed tags that could not be read, and why: each may be on any image. */
  readonly unreadable: ReadonlyMap<Tag, string>
  /** The indexes with a tag that list a manifest, whether directly or through others. */
  readonly indexesOf: ReadonlyMap<Digest, readonly Digest[]>
  readonly holds: (digest: Digest) => Omit<Holds, 'platforms'>
  /** The rule that protects a tag, in words. */
  readonly protectedBy?: (tag: Tag) => string | undefined
}

export interface KnownImage {
  readonly digest: Digest
  readonly mediaType: string
  readonly platforms: number
  readonly size?: number
  readonly created?: string
}

/** Groups the tags to delete by image, and decides for each image whether it's deleted, kept or left alone. */
export function groupTags(selected: readonly Tag[], known: KnownRepository): PlannedItem[] {
  const rules = new Map(selected.map((tag) => [tag, known.protectedBy?.(tag)]))
  const asked = selected.filter((tag) => !rules.get(tag))
  const items = [...imagesOf(asked, known).values(), ...unreadable(asked, known), ...protectedItems(rules, known)]
  const order = ['image', 'tags', 'protected', 'skipped']
  return items.sort((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind) || (b.size ?? 0) - (a.size ?? 0))
}

function imagesOf(selected: readonly Tag[], known: KnownRepository): Map<Digest, PlannedItem> {
  const chosen = new Set(selected)
  const all = Map.groupBy(known.tags.keys(), (tag) => (known.tags.get(tag) as KnownImage).digest)
  const items = new Map<Digest, PlannedItem>()
  for (const tag of selected) {
    const digest = known.tags.get(tag)?.digest
    if (!digest || items.has(digest)) continue
    const onImage = all.get(digest) ?? []
    const tags = onImage.filter((one) => chosen.has(one))
    const keptBy = onImage.filter((one) => !chosen.has(one))
    items.set(digest, { ...factsOf(tag, known), kind: keptBy.length > 0 ? 'tags' : 'image', tags, keptBy })
  }
  skipWhatMayBeTagged(items, known)
  skipPartsOfKeptIndexes(items, all, known)
  return items
}

/** An unreadable tag that is kept may be on any image; a tag alone can still be deleted. */
function skipWhatMayBeTagged(items: Map<Digest, PlannedItem>, { unreadable: unread }: KnownRepository): void {
  const [first] = unread.keys()
  if (first === undefined) return
  const others = unread.size > 1 ? ` and ${plural(unread.size - 1, 'other tag')}` : ''
  const reason = `${first}${others} can’t be read, so it’s unknown whether this image has other tags`
  for (const [digest, item] of items) if (item.kind === 'image') items.set(digest, { ...item, kind: 'skipped', reason })
}

/** Skipping an index keeps its children, and so on. */
function skipPartsOfKeptIndexes(
  items: Map<Digest, PlannedItem>,
  all: ReadonlyMap<Digest, readonly Tag[]>,
  { indexesOf }: KnownRepository,
): void {
  for (let changed = true; changed; ) {
    changed = false
    for (const [digest, item] of items) {
      if (item.kind !== 'image') continue
      const kept = indexesOf.get(digest)?.find((index) => items.get(index)?.kind !== 'image')
      if (!kept) continue
      items.set(digest, { ...item, kind: 'skipped', reason: partOf(kept, all.get(kept) ?? []) })
      changed = true
    }
  }
}

function unreadable(selected: readonly Tag[], known: KnownRepository): PlannedItem[] {
  const tags = selected.filter((tag) => !known.tags.has(tag))
  return skippedTags(Map.groupBy(tags, (tag) => whyUnread(tag, known)))
}

/** Tags that are left alone, by the reason. */
export function skippedTags(groups: ReadonlyMap<string, readonly Tag[]>): PlannedItem[] {
  return Array.from(groups, ([reason, tags]) => ({ kind: 'skipped', tags, keptBy: [], holds: HOLDS_NOTHING, reason }))
}

/** Why nothing is known of a tag that was selected. */
export function whyUnread(tag: Tag, { unreadable }: Pick<KnownRepository, 'unreadable'>): string {
  return unreadable.get(tag) ?? 'No longer in the registry'
}

function protectedItems(rules: ReadonlyMap<Tag, string | undefined>, known: KnownRepository): PlannedItem[] {
  const tags = [...rules.keys()].filter((tag) => rules.get(tag))
  const groups = Map.groupBy(tags, (tag) => `${rules.get(tag)} ${known.tags.get(tag)?.digest}`)
  return [...groups.values()].flatMap((group) => {
    const [first] = group
    const reason = first && rules.get(first)
    return first && reason
      ? [{ ...factsOf(first, known), kind: 'protected' as const, tags: group, keptBy: [], reason }]
      : []
  })
}

function factsOf(tag: Tag, known: KnownRepository) {
  const image = known.tags.get(tag)
  if (!image) return { holds: HOLDS_NOTHING }
  const { digest, mediaType, platforms, size, created } = image
  return {
    digest,
    mediaType,
    holds: { platforms, ...known.holds(digest) },
    ...(size !== undefined && { size }),
    ...(created && { created }),
  }
}

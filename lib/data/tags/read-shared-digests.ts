import type { Actor } from '../../access/actor.ts'
import { type TagMarks, tagMarks } from '../../catalog/database/tag-marks.ts'
import { theCatalogDatabase } from '../../catalog/database/the-catalog-database.ts'
import { uniqueBytes } from '../../catalog/database/unique-bytes.ts'
import { placeOf } from '../../catalog/read-through/place-of.ts'
import { catalogOf } from '../../catalog/the-catalog.ts'
import { shortDigest } from '../../format/digest.ts'
import { isMovingTag } from '../../format/moving-tag.ts'
import { type Digest, isDigest } from '../../oci/digest.ts'
import type { Place } from '../../oci/place.ts'
import { parseTag, type Tag } from '../../oci/reference.ts'
import { type Attempt, attempt } from '../../problem/attempt.ts'
import type { Repository } from '../../registry/registry.ts'
import { diffHref, sideOf } from '../../routes/href.ts'
import { searchVisibility } from '../search/search-visibility.ts'
import { type SharedDigests, type ShownMove, sharedInRepository, sharedOnPage } from './shared-digests.ts'
import type { TagRow } from './tag-row.ts'

/**
 * Which tags share their digests with those of a page, what only their images hold, whether they are signed and where
 * they were before, as far as the catalog knows; nothing is asked of the registry.
 */
export async function readSharedDigests(
  actor: Actor,
  repository: Repository,
  rows: readonly { readonly tag: string; readonly row: Attempt<TagRow> }[],
): Promise<SharedDigests> {
  const digests = new Map(
    rows.map(({ tag, row }) => [parseTag(tag), row.ok && isDigest(row.value.digest) ? row.value.digest : undefined]),
  )
  const { catalog } = catalogOf(repository.registry)
  const place = placeOf(repository)
  const [counted, marks] = await Promise.all([catalog.tagCounts(place), readTagMarks(actor, place, digests)])
  const counts = counted?.value
  const isWhole = counts && counts.known === counts.total && counts.partial === undefined
  if (!isWhole) return { ...sharedOnPage(digests), ...shownMarks(place, marks, new Map()) }
  const wanted = [...new Set([...digests.values()].filter((digest): digest is Digest => digest !== undefined))]
  const before = [...marks.values()].flatMap(({ moved }) => moved?.from ?? [])
  const [seenOn, unique] = await Promise.all([
    catalog.tagsOn(place, [...new Set([...wanted, ...before])]),
    readUniqueBytes(actor, place, wanted),
  ])
  const on = new Map(Array.from(seenOn, ([digest, tags]) => [digest, tags.map(({ value }) => value)]))
  const shown = new Set(wanted)
  const shared = sharedInRepository(new Map([...on].filter(([digest]) => shown.has(digest))))
  return { ...shared, ...(unique && { unique }), ...shownMarks(place, marks, on) }
}

/**
 * What the catalog knows of tags, where it knows them on these digests: what was seen of another image says nothing of
 * this one. Nothing where the catalog can’t be read.
 */
export async function readTagMarks(
  actor: Actor,
  place: Place,
  digests: ReadonlyMap<Tag, Digest | undefined>,
): Promise<ReadonlyMap<Tag, TagMarks>> {
  const read = await attempt(
    async () => tagMarks(await theCatalogDatabase(), searchVisibility(actor), place, [...digests.keys()]),
    actor,
  )
  if (!read.ok) return new Map()
  return new Map([...read.value].filter(([tag, { digest }]) => digest === digests.get(tag)))
}

/** @param on tags on each digest that one was moved from, highest version first */
function shownMarks(
  place: Place,
  marks: ReadonlyMap<Tag, TagMarks>,
  on: ReadonlyMap<Digest, readonly Tag[]>,
): Pick<SharedDigests, 'signed' | 'moved'> {
  const all = [...marks]
  const signed = all.flatMap(([tag, { signed, platforms = signed }]) =>
    platforms === undefined ? [] : [[tag, platforms] as const],
  )
  const moved = all.flatMap(([tag, { moved }]) => {
    if (!moved) return []
    const { from, at, how } = moved
    const there = on.get(from) ?? []
    const move: ShownMove = {
      from: there.find((other) => !isMovingTag(other, there)) ?? shortDigest(from),
      href: diffHref(sideOf(place, from), sideOf(place, tag)),
      at: new Date(at).toISOString(),
      how,
    }
    return [[tag, move] as const]
  })
  return { signed: Object.fromEntries(signed), moved: Object.fromEntries(moved) }
}

/** Bytes that only the image of each digest holds. Undefined where the catalog can't be read. */
export async function readUniqueBytes(
  actor: Actor,
  place: Place,
  digests: readonly Digest[],
): Promise<Readonly<Record<string, number>> | undefined> {
  const read = await attempt(
    async () => uniqueBytes(await theCatalogDatabase(), searchVisibility(actor), place, digests),
    actor,
  )
  return read.ok ? Object.fromEntries(read.value) : undefined
}

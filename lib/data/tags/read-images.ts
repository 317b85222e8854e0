import 'server-only'
import type { Actor } from '../../access/actor.ts'
import type { ImagePage } from '../../catalog/catalog.ts'
import { placeOf } from '../../catalog/read-through/place-of.ts'
import { catalogOf } from '../../catalog/the-catalog.ts'
import type { NameFilter } from '../../filter/name-filter.ts'
import { summarizeManifest } from '../../image/inspect/summary.ts'
import type { Digest } from '../../oci/digest.ts'
import type { Place } from '../../oci/place.ts'
import type { Tag } from '../../oci/reference.ts'
import { attempt } from '../../problem/attempt.ts'
import type { Problem } from '../../problem/problem.ts'
import { mapConcurrent } from '../../registry/concurrent.ts'
import type { Repository } from '../../registry/registry.ts'
import type { TagTableState } from '../../routes/tag-table-query.ts'
import { openRepository } from '../registries/open.ts'
import { typedTags } from '../search/typed-names.ts'
import { readTagMarks, readUniqueBytes } from './read-shared-digests.ts'
import type { SignedPlatforms } from './shared-digests.ts'
import { TAG_LIST_AGE } from './tag-list-age.ts'
import { type ImageRow, imageRow } from './tag-row.ts'
import { PAGE_SIZE, readWantedPage } from './wanted-page.ts'

/** Milliseconds that a page waits for the tags to be read before it shows the images known so far. */
const READ_PATIENCE = 600
/** More tags of one image than this are a number. */
const NAMED_TAGS = 20
/** Untagged images that are read for one page. */
const UNTAGGED_LIMIT = 200

/** The images of a repository: one row for each digest, with its tags. */
export interface ImageTable {
  readonly images: readonly TaggedImageRow[]
  /** Images that no tag leads to, on the first page without a filter; absent where the registry can't list them. */
  readonly untagged?: UntaggedImages
  /** Distinct digests with a tag that matches. */
  readonly matching: number
  /** Tags are unread or the list is partial: `matching` is at least that. */
  readonly isLowerBound: boolean
  readonly page: number
  readonly size: number
  /** How many tags are read of those listed; absent once all are. */
  readonly resolved?: { readonly done: number; readonly total: number }
  readonly problem?: Problem
  /** What is wrong in a query that filters it. Its other terms count. */
  readonly mistake?: string
  readonly partial?: string
  readonly isListing: boolean
  readonly listedAt: string
}

/** The first of them, and how many there are. */
export interface UntaggedImages {
  readonly images: readonly ImageRow[]
  readonly total: number
}

export interface TaggedImageRow extends ImageRow {
  /** Highest version first; of more than twenty the first. */
  readonly tags: readonly string[]
  readonly tagCount: number
  /** Bytes that only this image holds; absent while tags are unread. */
  readonly unique?: number
  /** Whether a signature is attached; absent: not checked. */
  readonly signed?: boolean | SignedPlatforms
}

/** One page of a repository's images, from what its tags point at. @throws RegistryError, AccessError */
export async function readImages(actor: Actor, place: Place, state: TagTableState): Promise<ImageTable> {
  const repository = openRepository(actor, 'browse', place)
  const listing = await catalogOf(repository.registry).refreshTags(repository, TAG_LIST_AGE.page)
  if (!listing.failure) await catalogOf(repository.registry).resolveTags(repository, READ_PATIENCE)
  const { filter, problem, mistake } = await typedTags(repository, state.q)
  const found = await pageOf(repository, state, filter)
  const { images, matching, known, total, partial } = found?.seen.value ?? NOTHING
  const isWhole = state.q.trim() === '' && state.page === 1
  const isLowerBound = known < total || partial !== undefined || listing.isListing === true
  const untagged = isWhole && !listing.failure ? await readUntagged(actor, place) : undefined
  return {
    images: await rowsOf(actor, repository, images, !isLowerBound),
    ...(untagged && untagged.total > 0 && { untagged }),
    matching,
    isLowerBound,
    page: found?.page ?? 1,
    size: PAGE_SIZE,
    ...(known < total && { resolved: { done: known, total } }),
    ...(problem && { problem }),
    ...(mistake && { mistake }),
    ...(partial && { partial }),
    isListing: listing.isListing === true,
    listedAt: new Date(found?.seen.seenAt ?? Date.now()).toISOString(),
  }
}

/**
 * Images that no tag leads to, where the registry can list them; undefined where it can't.
 * @throws RegistryError, AccessError
 */
export async function readUntagged(actor: Actor, place: Place): Promise<UntaggedImages | undefined> {
  const repository = openRepository(actor, 'browse', place)
  const listed = await repository.untagged()
  if (!listed) return undefined
  const images = await mapConcurrent(listed.slice(0, UNTAGGED_LIMIT), ({ digest }) =>
    attempt(async () => imageRow(await summarizeManifest(repository, digest))),
  )
  return { images: images.flatMap((image) => (image.ok ? [image.value] : [])), total: listed.length }
}

const NOTHING: ImagePage = { images: [], matching: 0, total: 0, known: 0 }

function pageOf(repository: Repository, { sort, dir, page: wanted }: TagTableState, filter: NameFilter | undefined) {
  return readWantedPage(wanted, (range) =>
    catalogOf(repository.registry).catalog.imagePage(placeOf(repository), {
      ...(filter && { filter }),
      sort,
      direction: dir,
      ...range,
    }),
  )
}

async function rowsOf(
  actor: Actor,
  repository: Repository,
  images: ImagePage['images'],
  areAllRead: boolean,
): Promise<TaggedImageRow[]> {
  const first = images.flatMap(({ tags: [tag] }) => tag ?? [])
  const records = await catalogOf(repository.registry).catalog.tagRecords(placeOf(repository), first)
  const rows = images.flatMap(({ tags }) => {
    const record = tags[0] && records.get(tags[0])?.value
    if (!record?.ok) return []
    const { summary } = record
    const row = { ...imageRow(summary), tags: tags.slice(0, NAMED_TAGS), tagCount: tags.length }
    return [{ tag: tags[0] as Tag, digest: summary.digest, row }]
  })
  const digests = rows.map(({ digest }) => digest)
  const [unique, marks] = await Promise.all([
    areAllRead ? readUniqueBytes(actor, placeOf(repository), digests) : undefined,
    readTagMarks(actor, placeOf(repository), new Map<Tag, Digest>(rows.map(({ tag, digest }) => [tag, digest]))),
  ])
  return rows.map(({ tag, row }) => {
    const bytes = unique?.[row.digest]
    const { signed: own, platforms: signed = own } = marks.get(tag) ?? {}
    return { ...row, ...(bytes !== undefined && { unique: bytes }), ...(signed !== undefined && { signed }) }
  })
}

import 'server-only'
import type { Actor } from '../../access/actor.ts'
import type { ImagePage, Seen } from '../../catalog/catalog.ts'
import { theCatalog } from '../../catalog/the-catalog.ts'
import { parseFilter } from '../../filter/parse-filter.ts'
import { summarizeManifest } from '../../image/inspect/summary.ts'
import type { Place } from '../../oci/place.ts'
import type { RepositoryName } from '../../oci/reference.ts'
import { type Attempt, attempt } from '../../problem/attempt.ts'
import type { Problem } from '../../problem/problem.ts'
import { problemOf } from '../../problem/problem-of.ts'
import { mapConcurrent } from '../../registry/concurrent.ts'
import type { TagTableState } from '../../routes/tag-table-query.ts'
import { openRepository } from '../registries/open.ts'
import { typedFilter } from '../registries/typed-filter.ts'
import { type ImageRow, imageRow } from './tag-row.ts'

const PAGE_SIZE = 100
const LIST = { freshFor: 5_000, patience: 1_500 }
/** Milliseconds that a page waits for the tags to be read before it shows the images known so far. */
const READ_PATIENCE = 600
/** More tags of one image than this are a number. */
const NAMED_TAGS = 20
/** Untagged images that are read for one page. */
const UNTAGGED_LIMIT = 200

/** The images of a repository: one row for each digest, with its tags. */
export interface ImageTable {
  readonly images: readonly TaggedImageRow[]
  /** Distinct digests with a tag that matches. */
  readonly matching: number
  /** Tags are unread or the list is partial: `matching` is at least that. */
  readonly isLowerBound: boolean
  readonly page: number
  readonly size: number
  /** How many tags are read of those listed; absent once all are. */
  readonly resolved?: { readonly done: number; readonly total: number }
  readonly problem?: Problem
  readonly partial?: string
  readonly failure?: Problem
  readonly isListing: boolean
  readonly listedAt: string
}

export interface TaggedImageRow extends ImageRow {
  /** Highest version first; of more than twenty the first. */
  readonly tags: readonly string[]
  readonly tagCount: number
}

/** One page of a repository's images, from what its tags point at. @throws RegistryError, AccessError */
export async function readImages(
  actor: Actor,
  registry: string,
  name: RepositoryName,
  state: TagTableState,
): Promise<ImageTable> {
  const place = { registry, repository: name }
  const repository = openRepository(actor, 'browse', place)
  const listing = await theCatalog().refreshTags(repository, LIST)
  await theCatalog().resolveTags(repository, READ_PATIENCE)
  const { problem } = typedFilter(state.q)
  const found = await pageOf(place, state, problem !== undefined)
  const { images, matching, known, total, partial } = found?.seen.value ?? NOTHING
  return {
    images: await rowsOf(place, images),
    matching,
    isLowerBound: known < total || partial !== undefined || listing.isListing === true,
    page: found?.page ?? 1,
    size: PAGE_SIZE,
    ...(known < total && { resolved: { done: known, total } }),
    ...(problem && { problem }),
    ...(partial && { partial }),
    ...(listing.failure && { failure: problemOf(listing.failure) }),
    isListing: listing.isListing === true,
    listedAt: new Date(found?.seen.seenAt ?? Date.now()).toISOString(),
  }
}

/**
 * Images that no tag leads to, where the registry can list them; undefined where it can't.
 * @throws RegistryError, AccessError
 */
export async function readUntagged(
  actor: Actor,
  registry: string,
  name: RepositoryName,
): Promise<{ readonly images: readonly Attempt<ImageRow>[]; readonly total: number } | undefined> {
  const repository = openRepository(actor, 'browse', { registry, repository: name })
  const untagged = await repository.untagged()
  if (!untagged) return undefined
  const images = await mapConcurrent(untagged.slice(0, UNTAGGED_LIMIT), ({ digest }) =>
    attempt(async () => imageRow(await summarizeManifest(repository, digest))),
  )
  return { images, total: untagged.length }
}

const NOTHING: ImagePage = { images: [], matching: 0, total: 0, known: 0 }

/** The page that is asked for, or the last one where there are fewer. */
async function pageOf(
  place: Place,
  { q, sort, dir, page: wanted }: TagTableState,
  ignoresFilter: boolean,
): Promise<{ readonly seen: Seen<ImagePage>; readonly page: number } | undefined> {
  const filter = ignoresFilter ? undefined : parseFilter(q)
  const read = (page: number) =>
    theCatalog().catalog.imagePage(place, {
      ...(filter && { filter }),
      sort,
      direction: dir,
      offset: (page - 1) * PAGE_SIZE,
      limit: PAGE_SIZE,
    })
  const page = Math.max(1, wanted)
  const seen = await read(page)
  const last = Math.max(1, Math.ceil((seen?.value.matching ?? 0) / PAGE_SIZE))
  if (page <= last) return seen && { seen, page }
  const there = await read(last)
  return there && { seen: there, page: last }
}

async function rowsOf(place: Place, images: ImagePage['images']): Promise<TaggedImageRow[]> {
  const first = images.flatMap(({ tags: [tag] }) => tag ?? [])
  const records = await theCatalog().catalog.tagRecords(place, first)
  return images.flatMap(({ tags }) => {
    const record = tags[0] && records.get(tags[0])?.value
    if (!record?.ok) return []
    return [{ ...imageRow(record.summary), tags: tags.slice(0, NAMED_TAGS), tagCount: tags.length }]
  })
}

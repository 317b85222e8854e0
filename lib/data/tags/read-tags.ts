import 'server-only'
import { setTimeout as delay } from 'node:timers/promises'
import type { Actor } from '../../access/actor.ts'
import type { TagPage as CatalogPage, Seen } from '../../catalog/catalog.ts'
import type { ListState } from '../../catalog/read-through/list-reader.ts'
import { theCatalog } from '../../catalog/the-catalog.ts'
import { parseFilter } from '../../filter/parse-filter.ts'
import type { NewestTag } from '../../image/inspect/newest-tag.ts'
import type { Place } from '../../oci/place.ts'
import type { RepositoryName, Tag } from '../../oci/reference.ts'
import { type Attempt, attempt } from '../../problem/attempt.ts'
import type { Problem } from '../../problem/problem.ts'
import { problemOf } from '../../problem/problem-of.ts'
import type { Repository } from '../../registry/registry.ts'
import type { TagTableState } from '../../routes/tag-table-query.ts'
import { shownProtection } from '../protection/shown-protection.ts'
import { openRepository } from '../registries/open.ts'
import { typedFilter } from '../registries/typed-filter.ts'
import { seenNeighbours } from './read-neighbours.ts'
import { readSharedDigests } from './read-shared-digests.ts'
import type { SharedDigests } from './shared-digests.ts'
import { type TagRow, tagRow } from './tag-row.ts'

const PAGE_SIZE = 100
/** What a tag points at is asked of the registry again when it is older than this. */
const FRESH_FOR = 5_000
/** A page waits this long for a newer list before it shows the one there is, or the beginning of the first. */
const LIST = { freshFor: FRESH_FOR, patience: 1_500 }
/** And this long for what its sort needs before it sorts by what there is. */
const SORT_PATIENCE = 250
/** And this long for its rows: rows that come later are streamed one by one, which costs several times as much. */
const ROW_PATIENCE = 600

export type { TagRow } from './tag-row.ts'

/** Tags that match, one page of them. */
export interface TagPage {
  /** Rows that have not arrived in time are promises, to be filled in later. */
  readonly rows: readonly { readonly tag: string; readonly row: Attempt<TagRow> | Promise<Attempt<TagRow>> }[]
  /** A promise while rows are: nothing is counted before all of them are there. */
  readonly shared: SharedDigests | Promise<SharedDigests>
  /** The rule that protects a tag of the page, by tag. */
  readonly protectedBy?: Readonly<Record<string, string>>
  /** Of how many tags in all: at least, where the list is partial. */
  readonly total: number
  readonly matching: number
  /** From 1. */
  readonly page: number
  /** Tags on a full page. */
  readonly size: number
  /** Why the filter can’t be used: nothing matches it. */
  readonly problem?: Problem
  /** There is a tag named `latest`, which no sort puts where it is looked for. */
  readonly hasLatest: boolean
  /** Tags that hold signatures and the like, left out. */
  readonly folded: number
  readonly partial?: string
  /** Why the registry could not be asked: this is what was last seen. */
  readonly failure?: Problem
  /** The registry is still being asked for the list: what is here is what was seen so far, or earlier. */
  readonly isListing: boolean
  /** Once the times of all tags are known; nothing is read for it. */
  readonly newest?: NewestTag
  /** The release before the newest. */
  readonly beforeNewest?: string
  readonly listedAt: string
  /** Set when the sort needs more than is known yet. */
  readonly resolved?: {
    readonly done: number
    readonly total: number
    /** As many as are remembered at a time are known: no more will come. */
    readonly isLimit: boolean
  }
}

/**
 * One page of a repository's tags.
 * @throws RegistryError, AccessError
 */
export async function readTagPage(
  actor: Actor,
  registry: string,
  name: RepositoryName,
  state: TagTableState,
): Promise<TagPage> {
  const place = { registry, repository: name }
  const repository = openRepository(actor, 'browse', place)
  const listing = await theCatalog().refreshTags(repository, LIST)
  const { problem } = typedFilter(state.q)
  const needsAll = state.sort === 'created' || state.sort === 'size'
  if (needsAll) await theCatalog().resolveTags(repository, SORT_PATIENCE)
  const found = await pageOf(place, state, problem !== undefined)
  if (!found) return waitingFor(listing)
  const { seen, page } = found
  const { seenAt } = seen
  // Nothing matches a filter that can't be used: every tag would look like a match.
  const list = problem ? { ...seen.value, tags: [], matching: 0 } : seen.value
  const [{ rows, shared }, protectedBy] = await Promise.all([
    rowsOf(repository, place, list),
    shownProtection(place, list.tags),
  ])
  const newest = await theCatalog().catalog.newestTag(place)
  const previous = newest && (await seenNeighbours(place, newest.tag)).previous
  const { recordLimit = Number.POSITIVE_INFINITY } = theCatalog().catalog
  const resolved = { done: list.known, total: list.matching, isLimit: list.knownTotal >= recordLimit }
  return {
    rows,
    shared,
    protectedBy,
    total: list.total,
    matching: list.matching,
    page,
    size: PAGE_SIZE,
    ...(problem && { problem }),
    hasLatest: list.hasLatest,
    folded: list.folded,
    ...(list.partial && { partial: list.partial }),
    ...(listing.failure && { failure: problemOf(listing.failure) }),
    isListing: listing.isListing === true,
    ...(newest && { newest }),
    ...(previous && { beforeNewest: previous }),
    listedAt: new Date(seenAt).toISOString(),
    ...(needsAll && list.known < list.matching && { resolved }),
  }
}

/** The page that is asked for, or the last one where there are fewer. */
async function pageOf(
  place: Place,
  { q, sort, dir, page: wanted }: TagTableState,
  ignoresFilter: boolean,
): Promise<{ readonly seen: Seen<CatalogPage>; readonly page: number } | undefined> {
  const filter = ignoresFilter ? undefined : parseFilter(q)
  const read = (page: number) =>
    theCatalog().catalog.tagPage(place, {
      ...(filter && { filter }),
      sort,
      direction: dir,
      offset: (page - 1) * PAGE_SIZE,
      limit: PAGE_SIZE,
    })
  const page = Math.max(1, wanted)
  const seen = await read(page)
  if (!seen) return undefined
  const last = Math.max(1, Math.ceil(seen.value.matching / PAGE_SIZE))
  if (page <= last) return { seen, page }
  const there = await read(last)
  return there && { seen: there, page: last }
}

/** The rows that arrive in time as they are, else all of them as promises, and what they share once all are there. */
async function rowsOf(
  repository: Repository,
  place: Place,
  list: CatalogPage,
): Promise<Pick<TagPage, 'rows' | 'shared'>> {
  const reader = theCatalog()
  const arriving = list.tags.map((tag) => ({
    tag,
    row: attempt(() => reader.tag(repository, tag, FRESH_FOR)).then((record) =>
      record.ok ? tagRow(record.value, list.pushed?.times.get(tag)) : record,
    ),
  }))
  const arrived = Promise.all(arriving.map(async ({ tag, row }) => ({ tag, row: await row })))
  const shared = arrived.then((rows) => readSharedDigests(place, rows))
  const rows = await settleWithin(ROW_PATIENCE, arrived)
  return rows ? { rows, shared: await shared } : { rows: arriving, shared }
}

/** The registry has not said a single tag yet. */
function waitingFor(listing: ListState): TagPage {
  return {
    rows: [],
    shared: { among: 'page', isLowerBound: true, byDigest: {} },
    total: 0,
    matching: 0,
    page: 1,
    size: PAGE_SIZE,
    hasLatest: false,
    folded: 0,
    isListing: listing.isListing === true,
    listedAt: new Date().toISOString(),
  }
}

/** What a promise resolves to if it does so in time; a failure is thrown. */
async function settleWithin<T>(milliseconds: number, promise: Promise<T>): Promise<T | undefined> {
  const timer = new AbortController()
  try {
    return await Promise.race([
      promise,
      delay(milliseconds, undefined, { signal: timer.signal }).catch(() => undefined),
    ])
  } finally {
    timer.abort()
  }
}

/** The names of a repository's tags that a filter as it was typed finds, best order first. @throws RegistryError, AccessError */
export async function searchTags(
  actor: Actor,
  registry: string,
  name: RepositoryName,
  term: string,
  limit = 50,
): Promise<{ readonly tags: readonly string[]; readonly total: number }> {
  const place = { registry, repository: name }
  await theCatalog().refreshTags(openRepository(actor, 'browse', place), LIST)
  const filter = typedFilter(term).problem ? undefined : parseFilter(term)
  const query = { ...(filter && { filter }), sort: 'version', direction: 'desc', offset: 0, limit } as const
  const found = await theCatalog().catalog.tagPage(place, query)
  return { tags: found?.value.tags ?? [], total: found?.value.matching ?? 0 }
}

/** One row, for a page that stays open and asks again for those that failed. @throws RegistryError, AccessError */
export async function readTagRow(
  actor: Actor,
  registry: string,
  name: RepositoryName,
  tag: Tag,
): Promise<Attempt<TagRow>> {
  const repository = openRepository(actor, 'browse', { registry, repository: name })
  const record = await attempt(() => theCatalog().tag(repository, tag, FRESH_FOR))
  return record.ok ? tagRow(record.value, undefined) : record
}

import 'server-only'
import type { Actor } from '../../access/actor.ts'
import type { CatalogTagPage, TagRecord } from '../../catalog/catalog.ts'
import type { ListState } from '../../catalog/read-through/list-reader.ts'
import { placeOf } from '../../catalog/read-through/place-of.ts'
import { within } from '../../catalog/read-through/within.ts'
import { catalogOf } from '../../catalog/the-catalog.ts'
import type { NameFilter } from '../../filter/name-filter.ts'
import { movingTags } from '../../format/moving-tag.ts'
import { type TagKind, tagKinds } from '../../format/tag-kinds.ts'
import type { NewestTag } from '../../image/inspect/newest-tag.ts'
import type { Place } from '../../oci/place.ts'
import { parseTag, type Tag } from '../../oci/reference.ts'
import { type Attempt, attempt } from '../../problem/attempt.ts'
import { isOutageProblem } from '../../problem/is-outage-problem.ts'
import type { Problem } from '../../problem/problem.ts'
import { problemOf } from '../../problem/problem-of.ts'
import type { Repository } from '../../registry/registry.ts'
import type { TagTableState } from '../../routes/tag-table-query.ts'
import { type LastPush, readLastPush } from '../history/read-last-push.ts'
import { shownProtection } from '../protection/shown-protection.ts'
import type { LastSeen } from '../registries/last-seen.ts'
import { openRepository } from '../registries/open.ts'
import { typedTags } from '../search/typed-names.ts'
import { type NearMiss, nearMisses } from './near-misses.ts'
import { seenNeighbours } from './read-neighbours.ts'
import { readSharedDigests } from './read-shared-digests.ts'
import type { SharedDigests } from './shared-digests.ts'
import { TAG_LIST_AGE } from './tag-list-age.ts'
import { type TagRow, tagRow } from './tag-row.ts'
import { PAGE_SIZE, readWantedPage } from './wanted-page.ts'

/** Milliseconds that a page waits for what its sort needs before it sorts by what there is. */
const SORT_PATIENCE = 250
/** And this long for its rows: rows that come later are streamed one by one, which costs several times as much. */
const ROW_PATIENCE = 600
/** And this long where all of them are known from before: those are shown while the registry is asked. */
const KNOWN_PATIENCE = 250

export type { TagRow } from './tag-row.ts'

/** Tags that match, one page of them. */
export interface TagPage {
  /** Rows that have not arrived in time are promises, to be filled in later. */
  readonly rows: readonly { readonly tag: string; readonly row: Attempt<TagRow> | Promise<Attempt<TagRow>> }[]
  /** A promise while rows are: nothing is counted before all of them are there. */
  readonly shared: SharedDigests | Promise<SharedDigests>
  /** Set where rows are as they were last seen, since the registry has not answered yet: when the oldest was; ISO 8601. */
  readonly rowsSeenAt?: string
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
  /** What is wrong in a query that filters it. Its other terms count. */
  readonly mistake?: string
  /** Tags that a query can't judge, because they haven't been read. */
  readonly unmatched?: number
  /** Where nothing matches: filters near it that find something. */
  readonly near?: readonly NearMiss[]
  /** Kinds of tags, to filter by; absent in long lists, whose names aren’t read. */
  readonly kinds?: readonly TagKind[]
  /** There is a tag named `latest`, which no sort puts where people look for it. */
  readonly hasLatest: boolean
  /** How many rows at the beginning are moving tags, out of their order. */
  readonly moving: number
  /** Tags that hold signatures and the like, left out. */
  readonly folded: number
  readonly partial?: string
  /** Set where the registry could not be asked. */
  readonly lastSeen?: LastSeen
  /** The registry is still being asked for the list: what is here is what was seen so far, or earlier. */
  readonly isListing: boolean
  /** Once the times of all tags are known; nothing is read for it. */
  readonly newest?: NewestTag
  /** What was pushed or moved last, as far as anybody watched. */
  readonly lastPush?: LastPush
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
export async function readTagPage(actor: Actor, place: Place, state: TagTableState): Promise<TagPage> {
  const repository = openRepository(actor, 'browse', place)
  const isShown = (state.view ?? 'tags') === 'tags'
  const listing = await catalogOf(repository.registry).refreshTags(repository, {
    ...TAG_LIST_AGE.page,
    ...(isShown && { meanwhile: () => void askAhead(repository, state) }),
  })
  // Other tabs know how many tags there are, and need no rows; on some of them `q` filters something else.
  const { filter, unknown, problem, mistake } = await typedTags(repository, isShown ? state.q : '')
  const needsAll = state.sort === 'created' || state.sort === 'size'
  if (needsAll && !listing.failure) await catalogOf(repository.registry).resolveTags(repository, SORT_PATIENCE)
  const found = await pageOf(repository, isShown ? state : { ...state, page: 1 }, filter)
  if (!found) return waitingFor(listing)
  const { seen, page } = found
  const listedAt = new Date(seen.seenAt).toISOString()
  const lastSeen = listing.failure && { at: listedAt, problem: problemOf(listing.failure, actor) }
  if (listing.failure && seen.value.total + seen.value.folded === 0) throw listing.failure
  const { list, moving, names }: ShownTags = isShown
    ? await shownTags(repository, state, found)
    : { list: { ...seen.value, tags: [] }, moving: [] }
  const [{ rows, shared, rowsSeenAt }, protectedBy, near, lastPush] = await Promise.all([
    lastSeen ? rowsLastSeen(actor, repository, list, lastSeen.problem) : rowsOf(actor, repository, list),
    shownProtection(place, list.tags),
    isShown && list.matching === 0 && list.total > 0 && !problem ? nearMisses(repository, state.q) : [],
    isShown ? attempt(() => readLastPush(actor, place), actor) : undefined,
  ])
  // After the rows: it counts those that have just been read.
  const newest = await catalogOf(repository.registry).catalog.newestTag(place)
  const previous = newest && (await seenNeighbours(repository, newest.tag)).previous
  const { recordLimit = Number.POSITIVE_INFINITY } = catalogOf(repository.registry).catalog
  const resolved = { done: list.known, total: list.matching, isLimit: list.knownTotal >= recordLimit }
  return {
    rows,
    shared,
    ...(rowsSeenAt && { rowsSeenAt }),
    protectedBy,
    total: list.total,
    matching: list.matching,
    page,
    size: PAGE_SIZE,
    ...(problem && { problem }),
    ...(mistake && { mistake }),
    ...(unknown && unknown.size > 0 && { unmatched: unknown.size }),
    ...(near.length > 0 && { near }),
    ...(names && { kinds: tagKinds(names) }),
    hasLatest: list.hasLatest,
    folded: list.folded,
    moving: page === 1 ? moving.length : 0,
    ...(list.partial && { partial: list.partial }),
    ...(lastSeen && { lastSeen }),
    isListing: listing.isListing === true,
    ...(newest && { newest }),
    ...(lastPush?.ok && lastPush.value && { lastPush: lastPush.value }),
    ...(previous && { beforeNewest: previous }),
    listedAt,
    ...(needsAll && !lastSeen && list.known < list.matching && { resolved }),
  }
}

/** Asks for the rows of a page by the list as it was seen last, which is usually the list that is being waited for. */
async function askAhead(repository: Repository, state: TagTableState): Promise<void> {
  if (isFiltered(state)) return
  await attempt(async () => {
    const found = await pageOf(repository, state, undefined)
    if (!found) return
    const { list } = await shownTags(repository, state, found)
    await Promise.all(list.tags.map((tag) => attempt(() => tagOf(repository, tag))))
  })
}

function tagOf(repository: Repository, tag: Tag): Promise<TagRecord> {
  return catalogOf(repository.registry).tag(repository, tag, TAG_LIST_AGE.page.freshFor)
}

interface ShownTags {
  readonly list: CatalogTagPage
  readonly moving: readonly Tag[]
  /** All tags of a short list. */
  readonly names?: readonly Tag[] | undefined
}

/** The tags of a page, those that move on top. */
async function shownTags(repository: Repository, state: TagTableState, { seen, page }: FoundPage): Promise<ShownTags> {
  const names = await namesOf(repository, seen.value)
  const moving = isAsTheyCome(state) ? movingTagsOf(names, seen.value) : []
  return { list: movedUp(seen.value, moving, page), moving, names }
}

function isFiltered({ q }: TagTableState): boolean {
  return q.trim() !== ''
}

/** Nobody asked for another order, or for some tags only. */
function isAsTheyCome(state: TagTableState): boolean {
  return state.sort === 'version' && state.dir === 'desc' && !isFiltered(state)
}

/** In longer lists only `latest` is found without reading every name. */
const NAMES_LIMIT = 2_000

async function namesOf(repository: Repository, { total }: CatalogTagPage): Promise<readonly Tag[] | undefined> {
  if (total > NAMES_LIMIT) return undefined
  return (await catalogOf(repository.registry).catalog.tags(placeOf(repository)))?.value.tags ?? []
}

function movingTagsOf(names: readonly Tag[] | undefined, { hasLatest }: CatalogTagPage): readonly Tag[] {
  return names ? movingTags(names) : hasLatest ? [LATEST] : []
}

const LATEST = parseTag('latest')

/** Moving tags stand on the first page, and on no other. */
function movedUp(list: CatalogTagPage, moving: readonly Tag[], page: number): CatalogTagPage {
  if (moving.length === 0) return list
  const rest = list.tags.filter((tag) => !moving.includes(tag))
  return { ...list, tags: page === 1 ? [...moving, ...rest] : rest }
}

type FoundPage = NonNullable<Awaited<ReturnType<typeof pageOf>>>

function pageOf(repository: Repository, { sort, dir, page: wanted }: TagTableState, filter: NameFilter | undefined) {
  return readWantedPage(wanted, (range) =>
    catalogOf(repository.registry).catalog.tagPage(placeOf(repository), {
      ...(filter && { filter }),
      sort,
      direction: dir,
      ...range,
    }),
  )
}

/** The rows that arrive in time as they are, else all of them as promises, and what they share once all are there. */
async function rowsOf(
  actor: Actor,
  repository: Repository,
  list: CatalogTagPage,
): Promise<Pick<TagPage, 'rows' | 'shared' | 'rowsSeenAt'>> {
  const arriving = list.tags.map((tag) => ({
    tag,
    row: attempt(() => tagOf(repository, tag)).then((record) =>
      record.ok ? tagRow(record.value, list.pushed?.times.get(tag)) : record,
    ),
  }))
  const arrived = Promise.all(arriving.map(async ({ tag, row }) => ({ tag, row: await row })))
  const shared = arrived.then((rows) => readSharedDigests(actor, repository, rows))
  const known = await knownRows(repository, list)
  const isInTime = await within(known ? KNOWN_PATIENCE : ROW_PATIENCE, arrived)
  if (isInTime) return withLastSeen(actor, repository, list, { rows: await arrived, shared: await shared })
  // What has moved shows itself: the page follows what is learnt of its tags.
  return known
    ? { ...known, shared: await readSharedDigests(actor, repository, known.rows) }
    : { rows: arriving, shared }
}

interface SettledRows extends Pick<TagPage, 'rowsSeenAt'> {
  readonly rows: readonly { readonly tag: Tag; readonly row: Attempt<TagRow> }[]
  readonly shared: SharedDigests
}

/** Rows that were never seen say why they can't be read. */
async function rowsLastSeen(
  actor: Actor,
  repository: Repository,
  list: CatalogTagPage,
  problem: Problem,
): Promise<Pick<TagPage, 'rows' | 'shared' | 'rowsSeenAt'>> {
  const rows = list.tags.map((tag) => ({ tag, row: { ok: false, problem } as const }))
  const shared = await readSharedDigests(actor, repository, [])
  return withLastSeen(actor, repository, list, { rows, shared })
}

/** The registry went down between its list and its rows: those are shown as they were last seen. */
async function withLastSeen(
  actor: Actor,
  repository: Repository,
  list: CatalogTagPage,
  read: SettledRows,
): Promise<SettledRows> {
  const failed = read.rows.flatMap(({ tag, row }) => (row.ok || !isOutageProblem(row.problem) ? [] : [tag]))
  const records = await catalogOf(repository.registry).catalog.tagRecords(placeOf(repository), failed)
  if (records.size === 0) return read
  const rows = read.rows.map(({ tag, row }) => {
    const record = records.get(tag)
    return { tag, row: record ? tagRow(record.value, list.pushed?.times.get(tag)) : row }
  })
  const oldest = Math.min(...[...records.values()].map(({ seenAt }) => seenAt))
  const shared = await readSharedDigests(actor, repository, rows)
  return { rows, shared, rowsSeenAt: new Date(oldest).toISOString() }
}

/** All rows as they were last seen. Undefined if there are no rows, or one was never seen or is known to be out of date. */
async function knownRows(repository: Repository, list: CatalogTagPage) {
  if (list.tags.length === 0) return undefined
  const records = await catalogOf(repository.registry).catalog.tagRecords(placeOf(repository), list.tags)
  const seen = list.tags.map((tag) => records.get(tag))
  if (seen.some((record) => !record || record.age === Number.POSITIVE_INFINITY)) return undefined
  const rows = list.tags.flatMap((tag) => {
    const record = records.get(tag)
    return record ? [{ tag, row: tagRow(record.value, list.pushed?.times.get(tag)) }] : []
  })
  return { rows, rowsSeenAt: new Date(Math.min(...seen.flatMap((record) => record?.seenAt ?? []))).toISOString() }
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
    moving: 0,
    folded: 0,
    isListing: listing.isListing === true,
    listedAt: new Date().toISOString(),
  }
}

export interface FoundTags {
  readonly tags: readonly string[]
  readonly total: number
  /** Whether the list of tags that was searched is whole: else there may be more. */
  readonly isWhole: boolean
}

/** The names of a repository's tags that a filter as it was typed finds, best order first. @throws RegistryError, AccessError */
export async function searchTags(actor: Actor, place: Place, term: string, limit = 50): Promise<FoundTags> {
  const repository = openRepository(actor, 'browse', place)
  const { failure, isListing } = await catalogOf(repository.registry).refreshTags(repository, TAG_LIST_AGE.page)
  const { filter } = await typedTags(repository, term)
  const query = { ...(filter && { filter }), sort: 'version', direction: 'desc', offset: 0, limit } as const
  const found = await catalogOf(repository.registry).catalog.tagPage(place, query)
  const isWhole = found !== undefined && found.value.partial === undefined && !failure && !isListing
  return { tags: found?.value.tags ?? [], total: found?.value.matching ?? 0, isWhole }
}

/** One row, for a page that stays open and asks again for those that failed. @throws RegistryError, AccessError */
export async function readTagRow(actor: Actor, place: Place, tag: Tag): Promise<Attempt<TagRow>> {
  const repository = openRepository(actor, 'browse', place)
  const record = await attempt(() => tagOf(repository, tag))
  return record.ok ? tagRow(record.value, undefined) : record
}

import 'server-only'
import type { Actor } from '../../access/actor.ts'
import { authorizeRecords } from '../../access/authorize.ts'
import { type EventDay, eventDays, recordedSince } from '../../catalog/database/event-days.ts'
import { typedQuery } from '../../catalog/database/search-tags.ts'
import { type TagEvent, type TagEventQuery, tagEvents } from '../../catalog/database/tag-events.ts'
import { theCatalogDatabase } from '../../catalog/database/the-catalog-database.ts'
import type { Place } from '../../oci/place.ts'
import { queryMistakeText } from '../../problem/query-mistake-text.ts'
import type { HistoryState } from '../../routes/history-query.ts'
import { openRepository } from '../registries/open.ts'
import { type CatalogAge, readCatalogAges } from '../search/read-catalog-ages.ts'
import { searchVisibility } from '../search/search-visibility.ts'
import { foldEvents, type HistoryEntry } from './history-entry.ts'
import { historyKeptSince } from './prune-history.ts'
import { undoableEvents } from './undoable-events.ts'

const PAGE_SIZE = 100
const DAY = 86_400_000
/** Days that the bars show. */
const DAYS = 90

export interface HistoryPage {
  /** Newest first. */
  readonly entries: readonly HistoryEntry[]
  /** Where older ones begin. */
  readonly next?: string
  /** The mistake in the filter. */
  readonly mistakes: readonly string[]
}

export interface RepositoryHistory extends HistoryPage {
  /** One for each of the last days, oldest first. */
  readonly days: readonly EventDay[]
  /** Since when changes are recorded, and when all tags were last checked; ISO 8601. */
  readonly recordedSince?: string
  readonly lookedAt?: string
}

/** What happened to the tags of a repository. @throws AccessError, StoreError */
export async function readRepositoryHistory(
  actor: Actor,
  { registry, repository }: Place,
  state: HistoryState,
): Promise<RepositoryHistory> {
  const place = { registry, repository }
  openRepository(actor, 'browse', place)
  authorizeRecords(actor, place)
  const database = await theCatalogDatabase()
  const visibility = searchVisibility(actor)
  const [page, days, recorded] = await Promise.all([
    readEvents(actor, state, place),
    readDays(actor, place),
    recordedSince(database, { visibility, ...place }),
  ])
  return {
    ...page,
    days,
    ...(recorded && { recordedSince: new Date(Math.max(recorded.firstSeen, historyKeptSince() ?? 0)).toISOString() }),
    ...(recorded?.lookedAt !== undefined && { lookedAt: new Date(recorded.lookedAt).toISOString() }),
  }
}

/** What happened on each of the last days, oldest first. Callers have opened the repository. @throws StoreError */
export async function readDays(actor: Actor, place: Place): Promise<readonly EventDay[]> {
  const today = Math.floor(Date.now() / DAY)
  const from = (today - DAYS + 1) * DAY
  const days = await eventDays(await theCatalogDatabase(), { visibility: searchVisibility(actor), ...place, from })
  const byDay = new Map(days.map((day) => [day.day, day]))
  return Array.from({ length: DAYS }, (_, index) => {
    const day = today - DAYS + 1 + index
    return byDay.get(day) ?? { day, came: 0, went: 0 }
  })
}

/** Changes that a summary counts. */
const MOST_COUNTED = 1_000

export interface Activity extends HistoryPage {
  /** Of all pages. */
  readonly summary: ActivitySummary
  readonly ages: readonly CatalogAge[]
}

export interface ActivitySummary {
  readonly changes: number
  readonly repositories: number
  /** How they were learnt. */
  readonly by: Readonly<Record<TagEvent['how'], number>>
  /** Only the newest were looked at. */
  readonly isLowerBound: boolean
}

/** What happened in everything that the actor may see. @throws StoreError */
export async function readActivity(actor: Actor, state: HistoryState): Promise<Activity> {
  const [page, summary, ages] = await Promise.all([
    readEvents(actor, state),
    readSummary(actor, state),
    readCatalogAges(actor),
  ])
  return { ...page, summary, ages }
}

async function readSummary(actor: Actor, state: HistoryState): Promise<ActivitySummary> {
  const { events, next } = await tagEvents(await theCatalogDatabase(), {
    ...eventQuery(state),
    visibility: searchVisibility(actor),
    limit: MOST_COUNTED,
  })
  const count = (how: TagEvent['how']) => events.filter((event) => event.how === how).length
  return {
    changes: events.length,
    repositories: new Set(events.map(({ registry, repository }) => `${registry}/${repository}`)).size,
    by: { change: count('change'), notification: count('notification'), sync: count('sync') },
    isLowerBound: next !== undefined,
  }
}

async function readEvents(actor: Actor, state: HistoryState, place?: Place): Promise<HistoryPage> {
  const { events, next } = await tagEvents(await theCatalogDatabase(), {
    ...eventQuery(state, place),
    visibility: searchVisibility(actor),
    ...(state.after !== '' && { after: state.after }),
    limit: PAGE_SIZE,
  })
  return {
    entries: foldEvents(events, await undoableEvents(actor, events), next === undefined),
    ...(next !== undefined && { next }),
    mistakes: typedQuery(state.q).mistakes.map(queryMistakeText),
  }
}

/** What a history asks for, whatever its page. */
export function eventQuery(
  { q, change, how, by }: Omit<HistoryState, 'after'>,
  place?: Place,
): Omit<TagEventQuery, 'visibility' | 'limit'> {
  // Tags found at the first look aren't changes; only a repository's own history begins with them.
  const any = place ? [...CHANGES, 'seen' as const] : CHANGES
  return {
    ...place,
    ...(q.trim() !== '' && { query: typedQuery(q).query }),
    kinds: change === 'any' ? any : [change],
    ...(how !== 'any' && { how }),
    ...(by !== '' && { actor: by === 'unknown' ? '' : by }),
  }
}

const CHANGES = ['appeared', 'moved', 'gone'] as const

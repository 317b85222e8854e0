import 'server-only'
import type { Actor } from '../../access/actor.ts'
import { type EventDay, eventDays, recordedSince } from '../../catalog/database/event-days.ts'
import { typedQuery } from '../../catalog/database/search-tags.ts'
import { tagEvents } from '../../catalog/database/tag-events.ts'
import { theCatalogDatabase } from '../../catalog/database/the-catalog-database.ts'
import type { Place } from '../../oci/place.ts'
import { queryMistakeText } from '../../problem/query-mistake-text.ts'
import type { HistoryState } from '../../routes/history-query.ts'
import { openRepository } from '../registries/open.ts'
import { searchVisibility } from '../search/search-visibility.ts'
import { foldEvents, type HistoryEntry } from './history-entry.ts'

const PAGE_SIZE = 100
const DAY = 86_400_000
/** Days that the bars show. */
const DAYS = 90

export interface HistoryPage {
  /** Newest first. */
  readonly entries: readonly HistoryEntry[]
  /** Where older ones begin. */
  readonly next?: string
  /** What is wrong in the filter. */
  readonly mistakes: readonly string[]
}

export interface RepositoryHistory extends HistoryPage {
  /** One for each of the last days, oldest first. */
  readonly days: readonly EventDay[]
  /** Since when changes are recorded, and when all tags were last looked at; ISO 8601. */
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
  const database = await theCatalogDatabase()
  const visibility = searchVisibility(actor)
  const today = Math.floor(Date.now() / DAY)
  const [page, days, recorded] = await Promise.all([
    readEvents(actor, state, place),
    eventDays(database, { visibility, ...place, from: (today - DAYS + 1) * DAY }),
    recordedSince(database, { visibility, ...place }),
  ])
  const byDay = new Map(days.map((day) => [day.day, day]))
  return {
    ...page,
    days: Array.from({ length: DAYS }, (_, index) => {
      const day = today - DAYS + 1 + index
      return byDay.get(day) ?? { day, came: 0, went: 0 }
    }),
    ...(recorded && { recordedSince: new Date(recorded.firstSeen).toISOString() }),
    ...(recorded?.lookedAt !== undefined && { lookedAt: new Date(recorded.lookedAt).toISOString() }),
  }
}

/** What happened in everything that the actor may see. @throws StoreError */
export function readActivity(actor: Actor, state: HistoryState): Promise<HistoryPage> {
  return readEvents(actor, state)
}

async function readEvents(actor: Actor, state: HistoryState, place?: Place): Promise<HistoryPage> {
  const { query, mistakes } = typedQuery(state.q)
  // What was there at the first look is no change; a repository's own history begins with it.
  const any = place ? [...CHANGES, 'seen' as const] : CHANGES
  const { events, next } = await tagEvents(await theCatalogDatabase(), {
    visibility: searchVisibility(actor),
    ...place,
    ...(state.q.trim() !== '' && { query }),
    kinds: state.change === 'any' ? any : [state.change],
    ...(state.how !== 'any' && { how: state.how }),
    ...(state.by !== '' && { actor: state.by === 'unknown' ? '' : state.by }),
    ...(state.after !== '' && { after: state.after }),
    limit: PAGE_SIZE,
  })
  return {
    entries: foldEvents(events),
    ...(next !== undefined && { next }),
    mistakes: mistakes.map(queryMistakeText),
  }
}

const CHANGES = ['appeared', 'moved', 'gone'] as const

import 'server-only'
import type { Actor } from '../../access/actor.ts'
import { type TagEvent, tagEvents } from '../../catalog/database/tag-events.ts'
import { theCatalogDatabase } from '../../catalog/database/the-catalog-database.ts'
import { searchVisibility } from '../search/search-visibility.ts'
import { foldEvents, type HistoryEntry } from './history-entry.ts'

const SHOWN = 8
/** Events that are read; more only where some of them were undone. */
const READ = 60
const MOST_READ = 2_000
const WEEK = 7 * 86_400_000

/** Tags moved or deleted in the last seven days, without those restored to their image since. */
export interface RecentMoves {
  /** The newest first, and not all of them. */
  readonly entries: readonly HistoryEntry[]
  /** How many tags, or at least how many. */
  readonly tags: number
  readonly isLowerBound: boolean
}

/** @throws StoreError */
export async function readRecentMoves(actor: Actor): Promise<RecentMoves> {
  const moves = await readMoves(actor, READ)
  const { events, isLowerBound } = moves.isLowerBound && moves.isShorter ? await readMoves(actor, MOST_READ) : moves
  const entries = foldEvents(events, undefined, !isLowerBound)
  return {
    entries: entries.slice(0, SHOWN),
    tags: entries.reduce((sum, { tagCount }) => sum + tagCount, 0),
    isLowerBound,
  }
}

async function readMoves(actor: Actor, limit: number) {
  const { events } = await tagEvents(await theCatalogDatabase(), {
    visibility: searchVisibility(actor),
    kinds: ['moved', 'gone'],
    from: Date.now() - WEEK,
    limit,
  })
  const left = await withoutRestored(actor, events)
  return { events: left, isShorter: left.length < events.length, isLowerBound: events.length >= limit }
}

async function withoutRestored(actor: Actor, events: readonly TagEvent[]): Promise<readonly TagEvent[]> {
  const oldest = events.findLast(({ kind }) => kind === 'gone')
  if (!oldest) return events
  const { events: appeared } = await tagEvents(await theCatalogDatabase(), {
    visibility: searchVisibility(actor),
    kinds: ['appeared'],
    from: oldest.at,
    limit: MOST_READ,
  })
  const restoredAt = new Map(appeared.toReversed().map((event) => [keyOf(event, event.to), event.at]))
  return events.filter((event) => event.kind !== 'gone' || (restoredAt.get(keyOf(event, event.from)) ?? 0) <= event.at)
}

function keyOf({ registry, repository, tag }: TagEvent, digest: string | undefined): string {
  return `${registry}/${repository}:${tag}@${digest}`
}

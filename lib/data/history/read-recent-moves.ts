import 'server-only'
import type { Actor } from '../../access/actor.ts'
import { tagEvents } from '../../catalog/database/tag-events.ts'
import { theCatalogDatabase } from '../../catalog/database/the-catalog-database.ts'
import { searchVisibility } from '../search/search-visibility.ts'
import { foldEvents, type HistoryEntry } from './history-entry.ts'

const SHOWN = 8
const READ = 60
const WEEK = 7 * 86_400_000

/** Tags moved or deleted in the last seven days. */
export interface RecentMoves {
  /** The newest first, and not all of them. */
  readonly entries: readonly HistoryEntry[]
  /** How many tags, or at least how many. */
  readonly tags: number
  readonly isLowerBound: boolean
}

/** @throws StoreError */
export async function readRecentMoves(actor: Actor): Promise<RecentMoves> {
  const { events } = await tagEvents(await theCatalogDatabase(), {
    visibility: searchVisibility(actor),
    kinds: ['moved', 'gone'],
    from: Date.now() - WEEK,
    limit: READ,
  })
  const entries = foldEvents(events)
  return {
    entries: entries.slice(0, SHOWN),
    tags: entries.reduce((sum, { tagCount }) => sum + tagCount, 0),
    isLowerBound: events.length >= READ,
  }
}

import 'server-only'
import type { Actor } from '../../access/actor.ts'
import { tagEvents } from '../../catalog/database/tag-events.ts'
import { theCatalogDatabase } from '../../catalog/database/the-catalog-database.ts'
import { searchVisibility } from '../search/search-visibility.ts'
import { foldEvents, type HistoryEntry } from './history-entry.ts'

const SHOWN = 8
const READ = 60
const WEEK = 7 * 86_400_000

/** Tags moved or deleted in the last seven days, newest first. @throws StoreError */
export async function readRecentMoves(actor: Actor): Promise<readonly HistoryEntry[]> {
  const { events } = await tagEvents(await theCatalogDatabase(), {
    visibility: searchVisibility(actor),
    kinds: ['moved', 'gone'],
    from: Date.now() - WEEK,
    limit: READ,
  })
  return foldEvents(events).slice(0, SHOWN)
}

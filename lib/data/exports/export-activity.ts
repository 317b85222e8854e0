import 'server-only'
import type { Actor } from '../../access/actor.ts'
import { authorize } from '../../access/authorize.ts'
import { type TagEvent, tagEvents } from '../../catalog/database/tag-events.ts'
import { theCatalogDatabase } from '../../catalog/database/the-catalog-database.ts'
import type { HistoryState } from '../../routes/history-query.ts'
import { recordExport } from '../audit/record-export.ts'
import { eventQuery } from '../history/read-history.ts'
import { finishedQuery } from '../search/finished-query.ts'
import { searchVisibility } from '../search/search-visibility.ts'
import type { Export } from './export.ts'

/** Events that are read at a time. */
const AT_ONCE = 1_000
const COLUMNS = ['registry', 'repository', 'tag', 'change', 'from', 'to', 'at', 'after', 'learnt_from', 'by'] as const
const CHANGES = { seen: 'seen', appeared: 'appeared', moved: 'moved', gone: 'deleted' } as const
const SOURCES = { change: 'lading', notification: 'notification', sync: 'sync' } as const

/**
 * Every change that the page selects in what the actor may export, newest first. @throws AccessError, FormatError
 * `pattern`, StoreError, AuditError
 */
export async function exportActivity(
  actor: Actor,
  state: Omit<HistoryState, 'after'>,
  signal?: AbortSignal,
): Promise<Export> {
  authorize(actor, 'export', {})
  // A mistake would select more than was asked for.
  finishedQuery(state.q)
  const database = await theCatalogDatabase()
  const query = { ...eventQuery(state), visibility: searchVisibility(actor, 'export'), limit: AT_ONCE }
  await recordExport(actor, 'changes', { query: state.q })
  async function* pages() {
    for (let after: string | undefined; ; ) {
      const { events, next } = await tagEvents(database, { ...query, ...(after !== undefined && { after }) })
      yield events.map(rowOf)
      if (next === undefined || signal?.aborted) return
      after = next
    }
  }
  return { name: 'activity', columns: COLUMNS, pages: pages() }
}

function rowOf({ registry, repository, tag, kind, from, to, at, since, how, actor }: TagEvent) {
  return {
    registry,
    repository,
    tag,
    change: CHANGES[kind],
    from: from ?? null,
    to: to ?? null,
    at: new Date(at).toISOString(),
    after: since === undefined ? null : new Date(since).toISOString(),
    learnt_from: SOURCES[how],
    by: actor ?? null,
  }
}

import 'server-only'
import type { Actor } from '../../access/actor.ts'
import { AUDIT_COLUMNS, type AuditEntry } from '../../audit/audit-entry.ts'
import { csvRows } from '../../format/csv.ts'
import { eachAudited } from './read-audit.ts'
import { recordExport } from './record-export.ts'

export type AuditFormat = 'csv' | 'ndjson'

/**
 * The rows that the actor may read and the filter matches, outcomes after their intents, newest action first. Streamed:
 * a log of millions of rows takes no memory. @throws AccessError, StoreError, AuditError before the first row
 */
export async function exportAudit(actor: Actor, q: string, format: AuditFormat): Promise<AsyncGenerator<string, void>> {
  const actions = eachAudited(actor, q)
  // Refusals happen here, while the response can still report them.
  const first = await actions.next()
  await recordExport(actor, 'audit log', { query: q })
  return (async function* () {
    if (format === 'csv') yield csvRows([AUDIT_COLUMNS])
    if (first.done) return
    yield textOf(first.value, format)
    for await (const action of actions) yield textOf(action, format)
  })()
}

function textOf({ entry, outcome }: { entry: AuditEntry; outcome?: AuditEntry }, format: AuditFormat): string {
  const rows = outcome ? [entry, outcome] : [entry]
  if (format === 'ndjson') return rows.map((row) => `${JSON.stringify(row)}\n`).join('')
  return csvRows(rows.map((row) => AUDIT_COLUMNS.map((column) => cellOf(row, column))))
}

/** Times as spreadsheets and people read them; to the millisecond, which the hash covers. */
function cellOf(row: AuditEntry, column: (typeof AUDIT_COLUMNS)[number]): string {
  return column === 'at' ? new Date(row.at).toISOString() : String(row[column] ?? '')
}

import 'server-only'
import type { Actor } from '../../access/actor.ts'
import type { AuditEntry } from '../../audit/audit-entry.ts'
import { csvRows } from '../../format/csv.ts'
import { eachAudited } from './read-audit.ts'

export type AuditFormat = 'csv' | 'ndjson'

const COLUMNS = [
  'seq',
  'previous',
  'hash',
  'at',
  'phase',
  'intent',
  'actor',
  'rights',
  'address',
  'request',
  'job',
  'action',
  'registry',
  'repository',
  'tag',
  'digest_before',
  'digest_after',
  'outcome',
  'reason',
  'detail',
] as const satisfies readonly (keyof AuditEntry)[]

/**
 * The rows that the actor may read and the filter matches, outcomes after their intents, newest action first. Streamed:
 * a log of millions of rows takes no memory. @throws AccessError, StoreError before the first row
 */
export async function exportAudit(actor: Actor, q: string, format: AuditFormat): Promise<ReadableStream<Uint8Array>> {
  const actions = eachAudited(actor, q)
  // What refuses does so here, while the answer can still say it.
  const first = await actions.next()
  const encoder = new TextEncoder()
  async function* parts() {
    if (format === 'csv') yield csvRows([COLUMNS])
    if (first.done) return
    yield textOf(first.value, format)
    for await (const action of actions) yield textOf(action, format)
  }
  const texts = parts()
  return new ReadableStream({
    async pull(controller) {
      const next = await texts.next()
      if (next.done) controller.close()
      else controller.enqueue(encoder.encode(next.value))
    },
    async cancel() {
      await texts.return(undefined)
    },
  })
}

function textOf({ entry, outcome }: { entry: AuditEntry; outcome?: AuditEntry }, format: AuditFormat): string {
  const rows = outcome ? [entry, outcome] : [entry]
  if (format === 'ndjson') return rows.map((row) => `${JSON.stringify(row)}\n`).join('')
  return csvRows(rows.map((row) => COLUMNS.map((column) => String(row[column] ?? ''))))
}

import { sql } from 'kysely'
import type { Store } from '../store/store.ts'
import type { AuditEntry } from './audit-entry.ts'

/** An intent with its outcome, or a refusal. */
export interface LoggedAction {
  readonly entry: AuditEntry
  /** Absent for refusals, and until it is known. */
  readonly outcome?: AuditEntry
}

/** What the database can look up; whatever else is wanted is looked for in the rows. */
export interface LogFilter {
  readonly actors?: readonly string[] | undefined
  readonly actions?: readonly string[] | undefined
  readonly outcomes?: readonly string[] | undefined
  readonly registries?: readonly string[] | undefined
  readonly repositories?: readonly string[] | undefined
  /** Milliseconds since the epoch: from, inclusive, and before, exclusive. */
  readonly from?: number | undefined
  readonly before?: number | undefined
}

/**
 * Actions, newest first, by key: a page costs the same wherever it is.
 * @param below only rows with a smaller number
 * @throws StoreError
 */
export async function readLog(
  store: Store,
  filter: LogFilter,
  { below, limit }: { readonly below?: number | undefined; readonly limit: number },
): Promise<LoggedAction[]> {
  const { actors, actions, outcomes, registries, repositories, from, before } = filter
  let query = store.read
    .selectFrom('audit_entry as entry')
    .leftJoin('audit_entry as outcome', 'outcome.intent', 'entry.seq')
    .select(['entry.seq', 'outcome.seq as outcome_seq'])
    .where('entry.phase', '<>', 'outcome')
    .orderBy('entry.seq', 'desc')
    .limit(limit)
  if (below !== undefined) query = query.where('entry.seq', '<', below)
  if (actors) query = query.where('entry.actor', 'in', [...actors])
  if (actions) query = query.where('entry.action', 'in', [...actions])
  if (outcomes)
    query = query.where(sql<string>`coalesce(outcome.outcome, entry.outcome, 'running')`, 'in', [...outcomes])
  if (registries) query = query.where('entry.registry', 'in', [...registries])
  if (repositories) query = query.where('entry.repository', 'in', [...repositories])
  if (from !== undefined) query = query.where('entry.at', '>=', from)
  if (before !== undefined) query = query.where('entry.at', '<', before)
  const found = await query.execute()
  const seqs = found.flatMap(({ seq, outcome_seq }) => (outcome_seq === null ? [seq] : [seq, outcome_seq]))
  if (seqs.length === 0) return []
  const rows = await store.read
    .selectFrom('audit_entry')
    .selectAll()
    .where((eb) => store.dialect.isOneOf(eb.ref('seq'), seqs))
    .execute()
  const bySeq = new Map(rows.map((row) => [row.seq, row]))
  return found.flatMap(({ seq, outcome_seq }) => {
    const entry = bySeq.get(seq)
    const outcome = outcome_seq === null ? undefined : bySeq.get(outcome_seq)
    return entry ? [{ entry, ...(outcome && { outcome }) }] : []
  })
}

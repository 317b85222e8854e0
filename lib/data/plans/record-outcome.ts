import 'server-only'
import { sql, type Transaction } from 'kysely'
import type { Problem } from '../../problem/problem.ts'
import { commitAll } from '../../store/commit-together.ts'
import type { Cell, StoreDialect } from '../../store/store-dialect.ts'
import type { Tables } from '../../store/tables.ts'
import { theStore } from '../../store/the-store.ts'
import type { Outcome } from './plan.ts'

export interface ItemResult {
  /** `waiting`: a part of it is done, and the rest is to come. */
  readonly outcome: Outcome | 'waiting'
  readonly removed: readonly string[]
  readonly undo: readonly string[]
  readonly detail?: string
  /** Why the registry refuses every deletion. */
  readonly refusal?: Problem
}

/** Records the outcome of an item. Resolves once that is on disk. */
export async function recordOutcome(id: string, position: number, result: ItemResult): Promise<void> {
  const { outcome, removed, undo, detail = null } = result
  const isWaiting = outcome === 'waiting'
  const cells = [
    id,
    position,
    isWaiting ? null : outcome,
    JSON.stringify(removed),
    removed.length,
    JSON.stringify(undo),
    detail,
    isWaiting ? null : Date.now(),
  ]
  const store = await theStore()
  await commitAll(store, { dialect: store.dialect, cells }, writeOutcomes)
}

const OUTCOME = {
  plan_id: 'text',
  position: 'int',
  outcome: 'text',
  removed: 'text',
  removed_count: 'int',
  undo: 'text',
  detail: 'text',
  ended_at: 'bigint',
} as const

async function writeOutcomes(
  db: Transaction<Tables>,
  outcomes: readonly { readonly dialect: StoreDialect; readonly cells: readonly Cell[] }[],
): Promise<undefined> {
  const [first] = outcomes
  if (!first) return
  const rows = outcomes.map(({ cells }) => cells)
  const columns = Object.keys(OUTCOME).slice(2)
  const updates = columns.map((column) => sql`${sql.ref(column)} = ended.${sql.ref(column)}`)
  await sql`
    update plan_item set ${sql.join(updates)} from ${first.dialect.rows('ended', OUTCOME, rows)}
    where plan_item.plan_id = ended.plan_id and plan_item.position = ended.position`.execute(db)
}

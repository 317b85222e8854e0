import 'server-only'
import type { Kysely } from 'kysely'
import { insertMissing } from '../../store/insert-missing.ts'
import type { StoreDialect } from '../../store/store-dialect.ts'
import type { Tables } from '../../store/tables.ts'
import type { PlannedItem } from './plan.ts'
import { CHANGES } from './plan-rows.ts'

/** Items in one statement. */
const BATCH = 2_000

/** Stores the items of a new plan in their order. */
export async function insertItems(
  db: Kysely<Tables>,
  dialect: StoreDialect,
  plan: string,
  items: readonly PlannedItem[],
): Promise<void> {
  for (let from = 0; from < items.length; from += BATCH) {
    const rows = items.slice(from, from + BATCH).map((item, i) => cellsOf(plan, from + i, item))
    await insertMissing(db, dialect, { table: 'plan_item', columns: COLUMNS, rows })
  }
}

const COLUMNS = {
  plan_id: 'text',
  position: 'int',
  kind: 'text',
  digest: 'text',
  media_type: 'text',
  tags: 'text',
  tag_count: 'int',
  kept_by: 'text',
  holds: 'text',
  size: 'bigint',
  frees: 'bigint',
  created: 'text',
  ticked: 'int',
  reason: 'text',
  was: 'text',
} as const

function cellsOf(id: string, position: number, item: PlannedItem) {
  return [
    id,
    position,
    item.kind,
    item.digest ?? null,
    item.mediaType ?? null,
    JSON.stringify(item.tags),
    item.tags.length,
    JSON.stringify(item.keptBy),
    JSON.stringify(item.holds),
    item.size ?? null,
    item.frees ?? null,
    item.created ?? null,
    // Items that move a tag have to be selected by a person.
    item.kind !== 'move' && CHANGES.includes(item.kind) && !item.isDeselected ? 1 : 0,
    item.reason ?? null,
    item.was ?? null,
  ]
}

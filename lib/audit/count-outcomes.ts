import { sql } from 'kysely'
import type { Store } from '../store/store.ts'

/** Actions since a time, by how they ended: `done`, `failed`, … `running`. @throws StoreError */
export async function countOutcomes(store: Store, since: number): Promise<ReadonlyMap<string, number>> {
  const ended = sql<string>`coalesce(outcome.outcome, entry.outcome, 'running')`
  const rows = await store.read
    .selectFrom('audit_entry as entry')
    .leftJoin('audit_entry as outcome', 'outcome.intent', 'entry.seq')
    .select([ended.as('ended'), (select) => select.fn.countAll().as('count')])
    .where('entry.phase', '<>', 'outcome')
    .where('entry.seq', '>', await rowBefore(store, since))
    .groupBy(ended)
    .execute()
  return new Map(rows.map(({ ended: name, count }) => [name, Number(count)]))
}

/** Rows are added in order of time, so a time is found by halving: the log needs no index of times. */
async function rowBefore(store: Store, since: number): Promise<number> {
  const last = await store.read.selectFrom('audit_head').select('seq').where('id', '=', 1).executeTakeFirst()
  let [low, high] = [0, Number(last?.seq ?? 0)]
  while (low < high) {
    const middle = Math.ceil((low + high) / 2)
    const row = await store.read.selectFrom('audit_entry').select('at').where('seq', '=', middle).executeTakeFirst()
    if (row && Number(row.at) < since) low = middle
    else high = middle - 1
  }
  return low
}

import 'server-only'
import { type ExpressionBuilder, type SqlBool, sql, type Transaction } from 'kysely'
import type { Tag } from '../../oci/reference.ts'
import type { PlanShow } from '../../routes/plan-page-query.ts'
import { escapeLike } from '../../store/escape-like.ts'
import type { StoreDialect } from '../../store/store-dialect.ts'
import type { Tables } from '../../store/tables.ts'
import { theStore } from '../../store/the-store.ts'
import { transact } from '../../store/transact.ts'
import type { PlanCounts, PlanItem, PlanState } from './plan.ts'
import { CHANGES, countsOf, itemOf } from './plan-rows.ts'
import { recentPace } from './recent-pace.ts'

interface ItemsQuery {
  readonly filter: PlanShow
  /** Part of a tag's name or of a digest. */
  readonly text?: string
  /** Default: all of them. */
  readonly range?: { readonly offset: number; readonly limit: number }
}

/** First what needs attention after a run, then what an undo has restored in part only. */
const ATTENTION_FIRST = sql`case
  when outcome in ('failed', 'partly', 'moved') then 0
  when outcome = 'untagged' and (kind = 'image' or removed_count > 0 and removed_count < tag_count) then 1
  else 2 end`

/** Items in the order of the plan; once it runs, those that need attention come first. */
export async function readItems(id: string, { filter, text = '', range }: ItemsQuery): Promise<PlanItem[]> {
  const { read, dialect } = await theStore()
  const found = read
    .selectFrom('plan_item')
    .selectAll()
    .where('plan_id', '=', id)
    .where((eb) => eb.and([condition(eb, filter), hasText(eb, text, dialect)]))
    .orderBy(ATTENTION_FIRST)
    .orderBy('position')
  const rows = await (range ? found.offset(range.offset).limit(range.limit) : found).execute()
  return rows.map(itemOf)
}

type Items = ExpressionBuilder<Tables, 'plan_item'>

function hasText(eb: Items, text: string, dialect: StoreDialect) {
  if (text === '') return sql<SqlBool>`1 = 1`
  const pattern = `%${escapeLike(text)}%`
  return eb.or([
    dialect.isLike(eb.ref('tags'), pattern),
    dialect.isLike(eb.ref('kept_by'), pattern),
    dialect.isLike(sql<string>`coalesce(digest, '')`, pattern),
  ])
}

function condition(eb: Items, filter: PlanShow) {
  switch (filter) {
    case 'all':
      return sql<SqlBool>`1 = 1`
    case 'image':
    case 'tags':
    case 'create':
    case 'move':
    case 'label':
      return eb('kind', '=', filter)
    case 'left':
      return eb.or([eb('kind', 'in', ['protected', 'skipped']), eb('ticked', '=', 0)])
    case 'attention':
      return eb('outcome', 'in', ['failed', 'partly', 'moved'])
    case 'done':
      return eb.or([
        eb('outcome', 'in', ['deleted', 'untagged', 'tagged', 'labelled', 'partly']),
        eb.and([eb('outcome', '=', 'moved'), eb('removed_count', '>', 0)]),
      ])
    case 'restored':
      return eb.or([
        eb('outcome', '=', 'restored'),
        eb.and([
          eb('outcome', '=', 'untagged'),
          eb.or([eb('kind', '=', 'image'), eb('removed_count', '<', eb.ref('tag_count'))]),
        ]),
      ])
    case 'waiting':
      return eb.and([eb('ticked', '=', 1), eb('outcome', 'is', null)])
  }
}

export async function countItems(id: string, filter: PlanShow, text = ''): Promise<number> {
  const { read, dialect } = await theStore()
  const { count } = await read
    .selectFrom('plan_item')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('plan_id', '=', id)
    .where((eb) => eb.and([condition(eb, filter), hasText(eb, text, dialect)]))
    .executeTakeFirstOrThrow()
  return Number(count)
}

export async function readCounts(id: string): Promise<PlanCounts> {
  const { read } = await theStore()
  const rows = await read
    .selectFrom('plan_item')
    .select((eb) => [
      'kind',
      'ticked',
      'outcome',
      PART.as('part'),
      eb.fn.countAll<number>().as('images'),
      eb.fn.sum<number>('tag_count').as('tags'),
      eb.fn.sum<number>('removed_count').as('removed'),
      sql<number>`sum(case when undo = '[]' then 0 else removed_count end)`.as('undoable'),
      sql<number>`sum(case when undo = '[]' then 0 else 1 end)`.as('undoableImages'),
    ])
    .where('plan_id', '=', id)
    .groupBy(['kind', 'ticked', 'outcome', 'part'])
    .execute()
  return countsOf(
    rows.map((row) => ({
      ...row,
      images: Number(row.images),
      tags: Number(row.tags),
      removed: Number(row.removed),
      undoable: Number(row.undoable),
      undoableImages: Number(row.undoableImages),
    })),
  )
}

const PART = sql<'none' | 'some' | 'all'>`
  case when removed_count = 0 then 'none' when removed_count < tag_count then 'some' else 'all' end`

/** Ticks or unticks items that are to be deleted, as long as the plan is a draft. @param positions absent for all */
export async function tickItems(id: string, ticked: boolean, positions?: readonly number[]): Promise<void> {
  await revise(id, 'draft', (db, dialect) =>
    db
      .updateTable('plan_item')
      .set({ ticked: ticked ? 1 : 0 })
      .where('plan_id', '=', id)
      .where('kind', 'in', CHANGES)
      .where((eb) => (positions ? dialect.isOneOf(eb.ref('position'), positions) : sql<SqlBool>`1 = 1`))
      .execute(),
  )
}

/** An item turned out to be unsafe in a dry run. */
export async function skipItem(id: string, position: number, reason: string): Promise<void> {
  await revise(id, 'checking', (db) =>
    db
      .updateTable('plan_item')
      .set({ kind: 'skipped', ticked: 0, reason })
      .where('plan_id', '=', id)
      .where('position', '=', position)
      .execute(),
  )
}

/** Changes the selection of a plan in this state. What starts the plan waits for it, and then finds another revision. */
async function revise(
  id: string,
  state: PlanState,
  change: (db: Transaction<Tables>, dialect: StoreDialect) => Promise<unknown>,
): Promise<void> {
  const store = await theStore()
  await transact(store, async (db) => {
    const { numUpdatedRows } = await db
      .updateTable('plan')
      .set((eb) => ({ revision: eb('revision', '+', 1) }))
      .where('id', '=', id)
      .where('state', '=', state)
      .executeTakeFirst()
    if (numUpdatedRows > 0n) await change(db, store.dialect)
  })
}

/** Items that failed, wholly or in part, and have something left to try. @param position absent for all */
export async function failedItems(id: string, position?: number): Promise<PlanItem[]> {
  const { read } = await theStore()
  const rows = await read
    .selectFrom('plan_item')
    .selectAll()
    .where('plan_id', '=', id)
    .where('outcome', 'in', ['failed', 'partly'])
    .where((eb) => eb.not(eb.and([eb('kind', '=', 'tags'), eb('removed_count', '>=', eb.ref('tag_count'))])))
    .where((eb) => (position === undefined ? sql<SqlBool>`1 = 1` : eb('position', '=', position)))
    .orderBy(INDEXES_FIRST)
    .orderBy('position')
    .execute()
  return rows.map(itemOf)
}

/** The children of an index can only be deleted after it. */
const INDEXES_FIRST = sql`case when media_type like '%index%' or media_type like '%list%' then 0 else 1 end`

/** What a person has deselected. What a check has skipped isn't among it. */
export async function deselectedItems(id: string): Promise<PlanItem[]> {
  const { read } = await theStore()
  const rows = await read
    .selectFrom('plan_item')
    .selectAll()
    .where('plan_id', '=', id)
    .where('ticked', '=', 0)
    .where('kind', 'in', CHANGES)
    .execute()
  return rows.map(itemOf)
}

/** Those of items that have had their turn, whatever came of it. */
export async function tagsDealtWith(id: string): Promise<Tag[]> {
  const { read } = await theStore()
  const rows = await read
    .selectFrom('plan_item')
    .select('tags')
    .where('plan_id', '=', id)
    .where('outcome', 'is not', null)
    .execute()
  return rows.flatMap(({ tags }): Tag[] => JSON.parse(tags))
}

/** A run's remaining items. */
export async function waitingItems(id: string): Promise<PlanItem[]> {
  const { read } = await theStore()
  const rows = await read
    .selectFrom('plan_item')
    .selectAll()
    .where('plan_id', '=', id)
    .where('ticked', '=', 1)
    .where('outcome', 'is', null)
    .orderBy(INDEXES_FIRST)
    .orderBy('position')
    .execute()
  return rows.map(itemOf)
}

/** Everything that an undo would restore, last deleted first: an index's children have to exist before it. */
export async function undoableItems(id: string): Promise<PlanItem[]> {
  const { read } = await theStore()
  const rows = await read
    .selectFrom('plan_item')
    .selectAll()
    .where('plan_id', '=', id)
    .where('undo', '<>', '[]')
    .where((eb) => eb.or([eb('outcome', 'is', null), eb('outcome', '<>', 'restored')]))
    .orderBy(INDEXES_FIRST, 'desc')
    .orderBy('position', 'desc')
    .execute()
  return rows.map(itemOf)
}

/** Recent seconds per image, from the last outcomes; undefined before there are enough. */
export async function secondsPerItem(id: string): Promise<number | undefined> {
  const { read } = await theStore()
  const rows = await read
    .selectFrom('plan_item')
    .select('ended_at')
    .where('plan_id', '=', id)
    .where('ended_at', 'is not', null)
    .orderBy('ended_at', 'desc')
    .limit(LATELY)
    .execute()
  return recentPace(
    rows.map((row) => Number(row.ended_at)),
    Date.now(),
  )
}

const LATELY = 50

/** The reasons of protected tags, each once. */
export async function protectionReasons(id: string): Promise<string[]> {
  const { read } = await theStore()
  const rows = await read
    .selectFrom('plan_item')
    .select('reason')
    .distinct()
    .where('plan_id', '=', id)
    .where('kind', '=', 'protected')
    .orderBy('reason')
    .limit(20)
    .execute()
  return rows.flatMap(({ reason }) => reason ?? [])
}

import 'server-only'
import { randomBytes } from 'node:crypto'
import { type ExpressionBuilder, type SqlBool, sql, type Transaction } from 'kysely'
import { config } from '../../config/config.ts'
import type { Tag } from '../../oci/reference.ts'
import type { Problem } from '../../problem/problem.ts'
import type { PlanShow } from '../../routes/plan-page-query.ts'
import { commitAll } from '../../store/commit-together.ts'
import { escapeLike } from '../../store/escape-like.ts'
import { insertMissing } from '../../store/insert-missing.ts'
import type { Cell, StoreDialect } from '../../store/store-dialect.ts'
import type { Tables } from '../../store/tables.ts'
import { theStore } from '../../store/the-store.ts'
import { transact } from '../../store/transact.ts'
import type { Outcome, Plan, PlanCounts, PlanItem, PlannedItem, PlanState, PlanWork, Verification } from './plan.ts'
import { CHANGES, countsOf, itemOf, planOf } from './plan-rows.ts'
import { recentPace } from './recent-pace.ts'

const DAY = 24 * 3_600_000
/** Plans are kept this long after they were made, and as long as they can be undone: milliseconds. */
const KEPT_FOR = 90 * DAY
/** Of one person, among those that were never started: a plan can have 20,000 items, and is made in a second. */
export const MOST_UNUSED = 50
/** Items in one statement. */
const BATCH = 2_000

export const PLAN_ID = /^[A-Za-z0-9_-]{16}$/

export interface NewPlan
  extends Pick<
    Plan,
    | 'owner'
    | 'registry'
    | 'repository'
    | 'query'
    | 'except'
    | 'tagsBefore'
    | 'frees'
    | 'freesAtMost'
    | 'policy'
    | 'label'
    | 'keepDays'
    | 'hasMore'
    | 'beyond'
  > {
  readonly retentionRun?: string
  /** Milliseconds since the epoch. Default: now. */
  readonly checkedAt?: number
  /** Default: `delete`. */
  readonly work?: PlanWork
}

/** Stores a plan with its items, all or nothing. Of its maker's plans that were never started, only the newest are kept. @throws StoreError */
export async function storePlan(plan: NewPlan, items: readonly PlannedItem[]): Promise<string> {
  const { write, dialect } = await theStore()
  const id = randomBytes(12).toString('base64url')
  const now = Date.now()
  await write.transaction().execute(async (db) => {
    await db
      .deleteFrom('plan')
      .where('created_at', '<', now - KEPT_FOR)
      .where((eb) => eb.or([eb('started_at', 'is', null), eb('started_at', '<', now - config().trashDays * DAY)]))
      .execute()
    const row = {
      id,
      owner: plan.owner,
      registry: plan.registry,
      repository: plan.repository,
      query: plan.query ?? null,
      state: 'draft',
      wanted: 'run',
      rate: null,
      created_at: now,
      checked_at: plan.checkedAt ?? now,
      tags_before: plan.tagsBefore,
      frees: plan.frees ?? null,
      frees_at_most: plan.freesAtMost,
      retention_run: plan.retentionRun ?? null,
      policy: plan.policy ?? null,
      work: plan.work ?? 'delete',
      input: inputOf(plan),
    }
    await db.insertInto('plan').values(row).execute()
    for (let from = 0; from < items.length; from += BATCH) {
      const rows = items.slice(from, from + BATCH).map((item, i) => cellsOf(id, from + i, item))
      await insertMissing(db, dialect, { table: 'plan_item', columns: COLUMNS, rows })
    }
    await db
      .deleteFrom('plan')
      .where('id', 'in', ({ selectFrom }) =>
        selectFrom('plan')
          .select('id')
          .where('owner', '=', plan.owner)
          .where('started_at', 'is', null)
          .where('retention_run', 'is', null)
          .where('state', 'in', ['draft', 'cancelled'])
          .orderBy('created_at', 'desc')
          // SQLite takes no offset without a limit.
          .limit(1_000_000)
          .offset(MOST_UNUSED),
      )
      .execute()
  })
  return id
}

function inputOf({ label, keepDays, hasMore, beyond, except }: NewPlan): string | null {
  const input = { label, keepDays, hasMore, beyond, except }
  return Object.values(input).every((value) => value === undefined) ? null : JSON.stringify(input)
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

export async function findPlan(id: string): Promise<Plan | undefined> {
  if (!PLAN_ID.test(id)) return undefined
  const { read } = await theStore()
  const row = await read.selectFrom('plan').selectAll().where('id', '=', id).executeTakeFirst()
  return row && planOf(row)
}

/**
 * Changes the plan only while it is in one of the states: two people pressing a button at once have one effect.
 * @param revision and only with the selection of this one; absent for any
 */
export async function setPlan(
  id: string,
  from: readonly PlanState[],
  change: { state?: PlanState; wanted?: Plan['wanted']; started?: boolean; ended?: boolean; problem?: Problem | null },
  revision?: number,
): Promise<boolean> {
  const { write } = await theStore()
  const now = Date.now()
  const { numUpdatedRows } = await write
    .updateTable('plan')
    .set({
      ...(change.state && { state: change.state }),
      ...(change.wanted && { wanted: change.wanted }),
      ...(change.started !== undefined && { started_at: change.started ? now : null, ended_at: null }),
      ...(change.ended !== undefined && { ended_at: change.ended ? now : null }),
      ...(change.problem !== undefined && { problem: change.problem && JSON.stringify(change.problem) }),
    })
    .where('id', '=', id)
    .where('state', 'in', from)
    .where((eb) => eb('revision', '=', revision ?? eb.ref('revision')))
    .executeTakeFirst()
  return numUpdatedRows > 0n
}

export async function setRate(id: string, rate: number | null): Promise<void> {
  const { write } = await theStore()
  await write.updateTable('plan').set({ rate }).where('id', '=', id).execute()
}

export async function setChecked(id: string): Promise<void> {
  const { write } = await theStore()
  await write.updateTable('plan').set({ checked_at: Date.now() }).where('id', '=', id).execute()
}

export async function setVerified(id: string, verified: Verification): Promise<void> {
  const { write } = await theStore()
  await write
    .updateTable('plan')
    .set({ verified: JSON.stringify(verified) })
    .where('id', '=', id)
    .execute()
}

export interface ItemsQuery {
  readonly filter: PlanShow
  /** Part of a tag's name or of a digest. */
  readonly text?: string
  readonly offset: number
  readonly limit: number
}

/** First what needs attention after a run, then what an undo has restored in part only. */
const ATTENTION_FIRST = sql`case
  when outcome in ('failed', 'partly', 'moved') then 0
  when outcome = 'untagged' and (kind = 'image' or removed_count > 0 and removed_count < tag_count) then 1
  else 2 end`

/** Items in the order of the plan; once it runs, those that need attention come first. */
export async function readItems(id: string, { filter, text = '', offset, limit }: ItemsQuery): Promise<PlanItem[]> {
  const { read, dialect } = await theStore()
  const rows = await read
    .selectFrom('plan_item')
    .selectAll()
    .where('plan_id', '=', id)
    .where((eb) => eb.and([condition(eb, filter), hasText(eb, text, dialect)]))
    .orderBy(ATTENTION_FIRST)
    .orderBy('position')
    .offset(offset)
    .limit(limit)
    .execute()
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
    .orderBy(sql`case when media_type like '%index%' or media_type like '%list%' then 1 else 0 end`)
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

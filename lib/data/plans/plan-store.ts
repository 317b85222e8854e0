import 'server-only'
import { randomBytes } from 'node:crypto'
import type { Problem } from '../../problem/problem.ts'
import { theStore } from '../../store/the-store.ts'
import { trashTime } from '../trash/kept-until.ts'
import { insertItems } from './insert-items.ts'
import type { Plan, PlannedItem, PlanState, PlanWork, Verification } from './plan.ts'
import { planOf } from './plan-rows.ts'

const DAY = 24 * 3_600_000
/** Plans are kept this long after they were made, and as long as they can be undone: milliseconds. */
const KEPT_FOR = 90 * DAY
/** Of one person, among those that were never started: a plan can have 20,000 items, and is made in a second. */
export const MOST_UNUSED = 50

export const PLAN_ID = /^[A-Za-z0-9_-]{16}$/

export interface NewPlan
  extends Pick<
    Plan,
    | 'owner'
    | 'registry'
    | 'repository'
    | 'query'
    | 'except'
    | 'unjudged'
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
      .where((eb) => eb.or([eb('started_at', 'is', null), eb('started_at', '<', now - trashTime())]))
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
    await insertItems(db, dialect, id, items)
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

function inputOf({ label, keepDays, hasMore, beyond, except, unjudged }: NewPlan): string | null {
  const input = { label, keepDays, hasMore, beyond, except, unjudged }
  return Object.values(input).every((value) => value === undefined) ? null : JSON.stringify(input)
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

import 'server-only'
import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import type { Place } from '../../oci/place.ts'
import { parseRepositoryName } from '../../oci/reference.ts'
import type { Problem } from '../../problem/problem.ts'
import { RecordError } from '../../store/record-error.ts'
import { theStore } from '../../store/the-store.ts'

/** `stopped`: it would have deleted more than its limit, so nothing was deleted. `done`: its plans have run. */
export type RunState = 'running' | 'done' | 'stopped' | 'failed'

/** What a run did in a repository, or in a part of a large one. */
export interface RunPlan extends Place {
  readonly id: string
  /** Tags that it has deleted and that weren't restored since. */
  readonly deleted: number
}

export interface RetentionRun {
  readonly id: string
  readonly policy: string
  readonly state: RunState
  /** RFC 3339. */
  readonly startedAt: string
  readonly endedAt?: string
  /** Absent: by its schedule. */
  readonly by?: string
  readonly tags?: number
  readonly going?: number
  /** Tags that were kept only because a rule couldn't decide. */
  readonly undecided?: number
  /** Tags that its plans have deleted and that weren't restored since. */
  readonly deleted: number
  readonly plans: readonly RunPlan[]
  readonly problem?: Problem
  /** That ran its plans: the audit log names it. */
  readonly job?: string
}

/** @throws StoreError; RecordError `running` */
export async function addRun(policy: string, by: string | undefined): Promise<string> {
  const { write } = await theStore()
  const id = randomUUID()
  await write.transaction().execute(async (db) => {
    const running = await db
      .selectFrom('retention_run')
      .select('id')
      .where('policy_id', '=', policy)
      .where('state', '=', 'running')
      .executeTakeFirst()
    if (running) throw new RecordError('running', 'a run of this policy hasn’t ended yet')
    await db
      .insertInto('retention_run')
      .values({ id, policy_id: policy, started_at: Date.now(), started_by: by ?? null, state: 'running' })
      .execute()
  })
  return id
}

export interface RunChange {
  readonly state?: RunState
  readonly tags?: number
  readonly going?: number
  readonly undecided?: number
  readonly problem?: Problem
}

export async function setRun(id: string, { state, problem, ...counts }: RunChange): Promise<void> {
  const { write } = await theStore()
  await write
    .updateTable('retention_run')
    .set({
      ...counts,
      ...(state && { state }),
      ...(state && state !== 'running' && { ended_at: Date.now() }),
      ...(problem && { problem: JSON.stringify(problem) }),
    })
    .where('id', '=', id)
    .execute()
}

/** How runs have ended, by id. @throws StoreError */
export async function readRunEnds(
  ids: readonly string[],
): Promise<ReadonlyMap<string, Pick<RetentionRun, 'state' | 'problem'>>> {
  if (ids.length === 0) return new Map()
  const { read } = await theStore()
  const rows = await read
    .selectFrom('retention_run')
    .select(['id', 'state', 'problem'])
    .where('id', 'in', ids)
    .execute()
  return new Map(
    rows.map(({ id, state, problem }) => [
      id,
      { state: state as RunState, ...(problem !== null && { problem: JSON.parse(problem) }) },
    ]),
  )
}

/** The last runs, newest first; of one policy, or one of them. @throws StoreError */
export async function readRuns(
  of: { readonly policy: string } | { readonly id: string },
  limit: number,
): Promise<readonly RetentionRun[]> {
  const { read } = await theStore()
  const rows = await read
    .selectFrom('retention_run')
    .selectAll()
    .where((eb) => ('id' in of ? eb('id', '=', of.id) : eb('policy_id', '=', of.policy)))
    .orderBy('started_at', 'desc')
    .limit(limit)
    .execute()
  if (rows.length === 0) return []
  const plans = await read
    .selectFrom('plan')
    .leftJoin('plan_item', 'plan_item.plan_id', 'plan.id')
    .select(['plan.retention_run as run', 'plan.id', 'plan.registry', 'plan.repository', 'plan.created_at'])
    .select(({ selectFrom }) =>
      selectFrom('plan_job').select('job_id').whereRef('plan_id', '=', 'plan.id').orderBy('job_id').limit(1).as('job'),
    )
    .select(
      sql<number>`sum(case when plan_item.outcome = 'restored' then 0 else coalesce(plan_item.removed_count, 0) end)`.as(
        'deleted',
      ),
    )
    .where(
      'plan.retention_run',
      'in',
      rows.map((row) => row.id),
    )
    .groupBy(['plan.retention_run', 'plan.id', 'plan.registry', 'plan.repository', 'plan.created_at'])
    .orderBy('plan.created_at')
    .execute()
  return rows.map((row) => {
    const own = plans.filter(({ run }) => run === row.id)
    const job = own.find((plan) => plan.job !== null)?.job ?? undefined
    return {
      id: row.id,
      policy: row.policy_id,
      state: row.state as RunState,
      startedAt: new Date(Number(row.started_at)).toISOString(),
      ...(row.ended_at !== null && { endedAt: new Date(Number(row.ended_at)).toISOString() }),
      ...(row.started_by !== null && { by: row.started_by }),
      ...(row.tags !== null && { tags: row.tags }),
      ...(row.going !== null && { going: row.going }),
      ...(row.undecided !== null && { undecided: row.undecided }),
      deleted: own.reduce((sum, plan) => sum + Number(plan.deleted), 0),
      plans: own.map(({ id, registry, repository, deleted }) => ({
        id,
        registry,
        repository: parseRepositoryName(repository),
        deleted: Number(deleted),
      })),
      ...(row.problem !== null && { problem: JSON.parse(row.problem) }),
      ...(job !== undefined && { job }),
    }
  })
}

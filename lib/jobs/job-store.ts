import { createHash, randomBytes } from 'node:crypto'
import { type Kysely, type Selectable, sql } from 'kysely'
import { unfenced } from '../store/leases/fence.ts'
import { holderName } from '../store/leases/lease-holder.ts'
import { isTaken, takeLease } from '../store/leases/take-lease.ts'
import type { Store } from '../store/store.ts'
import type { Tables } from '../store/tables.ts'
import type { Job, JobState } from './job.ts'
import { JobError } from './job-error.ts'
import { type Limits, nextJob, refusal, type Waiting } from './turns.ts'

export interface NewJob {
  readonly kind: string
  readonly input: Job['input']
  readonly owner: string
  readonly person: string
  readonly lease: string | undefined
  readonly isNeverRefused: boolean
}

/** A job that this process runs now, under a lease that it has just taken. */
export interface ClaimedJob {
  readonly job: Job
  readonly lease: string
  readonly fence: number
  /** Somebody has cancelled it while a process ran it that has ended since. */
  readonly isCancelled: boolean
}

/** Jobs that have not ended, and what keeps each from running. */
export interface UnfinishedJob extends Waiting {
  readonly id: string
  readonly isCancelled: boolean
  /** Milliseconds until its time comes. */
  readonly dueIn: number
}

/** What is stored of a job while it runs. */
type Changes = Partial<Pick<Job, 'progress' | 'items' | 'failure'>> & {
  readonly state?: JobState
  readonly attempts?: number
}

/** Jobs in the database. All of it is done beside whatever work is in progress, except for what a run writes. */
export class JobStore {
  readonly #store: Store
  readonly #limits: Limits
  readonly #ttl: number

  constructor(store: Store, limits: Limits, ttl: number) {
    this.#store = store
    this.#limits = limits
    this.#ttl = ttl
  }

  get store(): Store {
    return this.#store
  }

  /** @returns the new job, or the same one of the owner that has not ended. @throws JobError, StoreError */
  add({ kind, input, owner, person, lease, isNeverRefused }: NewJob): Promise<Job> {
    const same = createHash('sha256')
      .update(JSON.stringify([owner, kind, input]))
      .digest('hex')
    return this.#inTurn(async (db, turn) => {
      const known = await db.selectFrom('job').selectAll().where('same', '=', same).executeTakeFirst()
      if (known) return jobOf(known)
      const reason = isNeverRefused ? undefined : refusal(await this.#unfinished(db), person, this.#limits)
      if (reason) throw new JobError('too-many', reason)
      const id = randomBytes(16).toString('base64url')
      const row = { id, number: turn, kind, owner, person, input: JSON.stringify(input), same }
      return jobOf(
        await db
          .insertInto('job')
          .values({
            ...row,
            lease: lease ?? `job ${id}`,
            state: 'queued',
            created_at: Date.now(),
            progress: JSON.stringify({ done: 0, total: 0, counts: {} }),
          })
          .returningAll()
          .executeTakeFirstOrThrow(),
      )
    })
  }

  /** Takes the next job that may run, if there is one. @throws StoreError */
  claim(): Promise<ClaimedJob | undefined> {
    const { dialect } = this.#store
    return this.#inTurn(async (db, turn) => {
      const next = nextJob(await this.#unfinished(db), await lastTurns(db), this.#limits)
      if (!next) return undefined
      const { lease } = await db.selectFrom('job').select('lease').where('id', '=', next.id).executeTakeFirstOrThrow()
      const taken = await takeLease(db, dialect, { name: lease, holder: holderName(), ttl: this.#ttl })
      if (!taken) return undefined
      const row = await db
        .updateTable('job')
        .set({
          state: 'running',
          fence: taken.fence,
          turn,
          started_at: Date.now(),
          not_before: null,
          attempts: sql`attempts + 1`,
          items: '[]',
        })
        .where('id', '=', next.id)
        .where('ended_at', 'is', null)
        .returningAll()
        .executeTakeFirst()
      return row && { job: jobOf(row), lease, fence: taken.fence, isCancelled: row.wanted === 'cancel' }
    })
  }

  /** @throws StoreError */
  unfinished(): Promise<UnfinishedJob[]> {
    return this.#unfinished(this.#store.read)
  }

  /** Oldest first. @throws StoreError */
  async list(which: 'all' | 'unfinished'): Promise<Job[]> {
    const rows = await this.#store.read
      .selectFrom('job')
      .selectAll()
      .$if(which === 'unfinished', (query) => query.where('ended_at', 'is', null))
      .orderBy('number')
      .execute()
    return rows.map(jobOf)
  }

  /** @throws StoreError */
  async find(id: string): Promise<Job | undefined> {
    const row = await this.#store.read.selectFrom('job').selectAll().where('id', '=', id).executeTakeFirst()
    return row && jobOf(row)
  }

  /** Of a run. @returns whether it is still the one that runs. @throws StoreError */
  async save({ job, fence }: ClaimedJob, changes: Changes, { ended = false } = {}): Promise<boolean> {
    const { progress, items, failure, ...rest } = changes
    const { numUpdatedRows } = await this.#store.write
      .updateTable('job')
      .set({
        ...rest,
        ...(progress && { progress: JSON.stringify(progress) }),
        ...(items && { items: JSON.stringify(items) }),
        ...(failure && { failure: JSON.stringify(failure) }),
        ...(ended && { ended_at: Date.now(), same: null }),
      })
      .where('id', '=', job.id)
      .where('fence', '=', fence)
      .where('ended_at', 'is', null)
      .executeTakeFirst()
    return numUpdatedRows > 0n
  }

  /** A run that starts over later. @throws StoreError */
  async postpone({ job, fence }: ClaimedJob, seconds: number): Promise<void> {
    await sql`
      update job set state = 'queued', attempts = 0, fence = null,
        not_before = ${this.#store.dialect.now} + ${Math.round(seconds * 1000)}
      where id = ${job.id} and fence = ${fence} and ended_at is null`.execute(this.#store.write)
  }

  /** Ends a job that waits; asks the process that runs it to end it otherwise. @returns the job as it was. @throws StoreError */
  cancel(id: string): Promise<Job | undefined> {
    return this.#inTurn(async (db) => {
      const row = await db.selectFrom('job').selectAll().where('id', '=', id).executeTakeFirst()
      const waiting = (await this.#unfinished(db)).find((job) => job.id === id)
      if (!row || !waiting) return row && jobOf(row)
      const change = waiting.isRunning
        ? { wanted: 'cancel' }
        : { state: 'cancelled', ended_at: Date.now(), same: null, not_before: null }
      return jobOf(
        await db.updateTable('job').set(change).where('id', '=', id).returningAll().executeTakeFirstOrThrow(),
      )
    })
  }

  /** Drops finished jobs that are kept no longer: the oldest, in all and of each person. @throws StoreError */
  async trim(): Promise<void> {
    const { history, historyOfOwner } = this.#limits
    await unfenced(() =>
      sql`
        delete from job where id in (
          select id from (
            select id, row_number() over (order by number desc) as place,
              row_number() over (partition by person order by number desc) as place_of_person
            from job where ended_at is not null
          ) as ended where place > ${history} or place_of_person > ${historyOfOwner}
        )`.execute(this.#store.write),
    )
  }

  /** One process after another. @param work is given the number of its turn */
  #inTurn<T>(work: (db: Kysely<Tables>, turn: number) => Promise<T>): Promise<T> {
    return unfenced(() =>
      this.#store.write.transaction().execute(async (db) => {
        const { turn } = await db
          .updateTable('job_queue')
          .set({ turn: sql`turn + 1` })
          .where('id', '=', 1)
          .returning('turn')
          .executeTakeFirstOrThrow()
        return work(db, Number(turn))
      }),
    )
  }

  async #unfinished(db: Kysely<Tables>): Promise<UnfinishedJob[]> {
    const { dialect } = this.#store
    const { rows } = await sql<Unfinished>`
      select job.id, job.person, job.wanted, job.not_before, ${dialect.now} as now,
        case when lease.fence = job.fence and job.state = 'running' then 1 else 0 end as is_own,
        case when lease.name is null then 0 else 1 end as is_taken
      from job left join lease on lease.name = job.lease and ${isTaken(dialect, this.#ttl)}
      where job.ended_at is null order by job.number`.execute(db)
    return rows.map((row) => {
      const isRunning = row.is_own === 1
      const dueIn = row.not_before === null ? 0 : row.not_before - row.now
      return {
        id: row.id,
        person: row.person,
        isRunning,
        isReady: row.is_taken === 0 && dueIn <= 0,
        isPostponed: row.not_before !== null,
        isCancelled: row.wanted === 'cancel',
        dueIn,
      }
    })
  }
}

interface Unfinished {
  readonly id: string
  readonly person: string
  readonly wanted: string
  readonly not_before: number | null
  readonly now: number
  readonly is_own: number
  readonly is_taken: number
}

async function lastTurns(db: Kysely<Tables>): Promise<ReadonlyMap<string, number>> {
  const rows = await db
    .selectFrom('job')
    .select((eb) => ['person', eb.fn.max('turn').as('turn')])
    .where('turn', 'is not', null)
    .groupBy('person')
    .execute()
  return new Map(rows.map(({ person, turn }) => [person, Number(turn)]))
}

function jobOf(row: Selectable<Tables['job']>): Job {
  return {
    id: row.id,
    kind: row.kind,
    owner: row.owner,
    input: JSON.parse(row.input),
    state: row.state as JobState,
    created: iso(row.created_at),
    ...(row.started_at !== null && { started: iso(row.started_at) }),
    ...(row.ended_at !== null && { ended: iso(row.ended_at) }),
    ...(row.not_before !== null && { notBefore: iso(row.not_before) }),
    attempts: row.attempts,
    progress: JSON.parse(row.progress),
    items: JSON.parse(row.items),
    ...(row.failure !== null && { failure: JSON.parse(row.failure) }),
  }
}

function iso(at: number): string {
  return new Date(at).toISOString()
}

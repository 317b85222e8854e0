import { sql } from 'kysely'
import type { Store } from '../../store/store.ts'

export interface SyncRun {
  readonly id: number
  readonly startedAt: number
  readonly endedAt?: number
  readonly state: 'running' | 'complete' | 'partial' | 'failed' | 'cancelled'
  readonly done: number
  readonly total: number
  readonly failed: number
  readonly tags: number
  readonly problems: number
  /** The last repository in order of which it and all before it are finished. */
  readonly cursor?: string
  /** Why it is partial or failed: a code, or a sentence of the registry's. */
  readonly problem?: string
}

/** The run that was under way when its process ended, to be continued, else a new one. @throws StoreError */
export async function openRun(store: Store, registry: string, at: number): Promise<SyncRun> {
  const id = await registryId(store, registry)
  const rows = await store.read
    .selectFrom('sync_run')
    .selectAll()
    .where('registry_id', '=', id)
    .where('ended_at', 'is', null)
    .orderBy('started_at', 'desc')
    .limit(1)
    .execute()
  if (rows[0]) return runOf(rows[0])
  const row = await store.write
    .insertInto('sync_run')
    .values({ registry_id: id, started_at: at, state: 'running' })
    .returningAll()
    .executeTakeFirstOrThrow()
  return runOf(row)
}

export type RunProgress = Pick<SyncRun, 'done' | 'total' | 'failed' | 'tags' | 'problems' | 'cursor'>

/** @throws StoreError */
export async function saveRun(store: Store, id: number, progress: RunProgress): Promise<void> {
  await store.write.updateTable('sync_run').set(columnsOf(progress)).where('id', '=', id).execute()
}

/** @throws StoreError */
export async function endRun(
  store: Store,
  id: number,
  end: RunProgress & {
    readonly state: Exclude<SyncRun['state'], 'running'>
    readonly at: number
    readonly problem?: string
  },
): Promise<void> {
  await store.write
    .updateTable('sync_run')
    .set({ ...columnsOf(end), state: end.state, ended_at: end.at, problem: end.problem ?? null })
    .where('id', '=', id)
    .execute()
}

/** How the syncs of a registry stand. */
export interface SyncState {
  /** The run that goes on, or that was under way when its process ended. */
  readonly running?: SyncRun
  /** The last one that ended. */
  readonly last?: SyncRun
  /** When the last one ended that saw everything that was due. */
  readonly completeAt?: number
}

/** By registry; one that was never synced is left out. @throws StoreError */
export async function syncStates({ read }: Store): Promise<ReadonlyMap<string, SyncState>> {
  const { rows } = await sql<Row & { registry: string; which: 'running' | 'last' | 'complete' }>`
    select g.name as registry, s.*, 'running' as which from registry g
      join sync_run s on s.id = (select max(id) from sync_run where registry_id = g.id and ended_at is null)
    union all select g.name, s.*, 'last' from registry g
      join sync_run s on s.id = (select max(id) from sync_run where registry_id = g.id and ended_at is not null)
    union all select g.name, s.*, 'complete' from registry g
      join sync_run s on s.id = (select max(id) from sync_run where registry_id = g.id and state = 'complete')`.execute(
    read,
  )
  const states = new Map<string, SyncState>()
  for (const row of rows) {
    const run = runOf(row)
    const known = states.get(row.registry) ?? {}
    if (row.which === 'complete')
      states.set(row.registry, { ...known, ...(run.endedAt && { completeAt: run.endedAt }) })
    else states.set(row.registry, { ...known, [row.which]: run })
  }
  return states
}

/** Runs that ended are kept as long as anybody asks for them: the last hundred of each registry. @throws StoreError */
export async function dropOldRuns({ write }: Store, registry: string): Promise<void> {
  await sql`
    delete from sync_run where registry_id = (select id from registry where name = ${registry}) and ended_at is not null
      and id not in (
        select id from sync_run where registry_id = (select id from registry where name = ${registry})
        order by id desc limit 100
      ) and id <> coalesce((
        select max(id) from sync_run
        where state = 'complete' and registry_id = (select id from registry where name = ${registry})
      ), 0)`.execute(write)
}

async function registryId({ write }: Store, name: string): Promise<number> {
  await sql`insert into registry (name) values (${name}) on conflict do nothing`.execute(write)
  const { id } = await write.selectFrom('registry').select('id').where('name', '=', name).executeTakeFirstOrThrow()
  return id
}

interface Row {
  readonly id: number
  readonly started_at: number
  readonly ended_at: number | null
  readonly state: string
  readonly repositories_done: number
  readonly repositories_total: number
  readonly repositories_failed: number
  readonly tags_done: number
  readonly problems: number
  readonly cursor: string | null
  readonly problem: string | null
}

function runOf(row: Row): SyncRun {
  return {
    id: row.id,
    startedAt: row.started_at,
    ...(row.ended_at !== null && { endedAt: row.ended_at }),
    state: row.state as SyncRun['state'],
    done: row.repositories_done,
    total: row.repositories_total,
    failed: row.repositories_failed,
    tags: row.tags_done,
    problems: row.problems,
    ...(row.cursor !== null && { cursor: row.cursor }),
    ...(row.problem !== null && { problem: row.problem }),
  }
}

function columnsOf({ done, total, failed, tags, problems, cursor }: RunProgress) {
  return {
    repositories_done: done,
    repositories_total: total,
    repositories_failed: failed,
    tags_done: tags,
    problems,
    cursor: cursor ?? null,
  }
}

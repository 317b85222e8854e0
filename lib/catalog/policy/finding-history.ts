import { type Kysely, sql } from 'kysely'
import { readPacked } from '../../store/read-packed.ts'
import type { Store } from '../../store/store.ts'
import type { StoreDialect } from '../../store/store-dialect.ts'
import type { Tables } from '../../store/tables.ts'
import type { KnownRepository, VisibleRepositories } from '../database/repository-index.ts'
import { storedText, textHash } from '../database/stored-text.ts'
import type { Findings } from './find-findings.ts'
import { type Finding, FindingList } from './finding-list.ts'

export const WEEK = 7 * 86_400_000
/** Weeks that the trend goes back. */
export const TREND_WEEKS = 12
/** Findings that are over are forgotten after this. */
const KEPT_FOR = 60 * WEEK
/** A repository may still have been being read at the last check, if that was within this long of its first look. */
const FIRST_LOOK = 3_600_000
/** Rows that one statement writes. */
const AT_ONCE = 5_000

/** Identifies a finding within its repository. */
export function fingerprintOf({
  policy,
  kind,
  tag,
  key = '',
}: Pick<Finding, 'policy' | 'kind' | 'tag' | 'key'>): string {
  return textHash(JSON.stringify([policy, kind, tag, key]))
}

/**
 * Compares the current findings with those of the last check: new ones begin now, missing ones have ended. For findings
 * of a policy's first check, or in a repository that was first looked at since the last one, the beginning is unknown.
 * None ends in a repository with images that couldn't be read: those may still break the policy.
 * Written some repositories at a time: an interrupted check leaves the rest to the next.
 * @throws StoreError
 */
export async function recordFindings(
  store: Store,
  policies: readonly string[],
  {
    findings,
    unread,
    isWhole,
  }: Pick<Findings, 'findings' | 'isWhole'> & { readonly unread: readonly Pick<KnownRepository, 'id'>[] },
  now: number,
): Promise<void> {
  const { write, read } = store
  const checks = await read.selectFrom('policy_check').select(['policy', 'last_at']).execute()
  const checked = new Set(checks.map(({ policy }) => policy))
  const sinceOf = (policy: string) => (checked.has(storedText(policy)) ? now : null)
  const current = new Set(policies.map(storedText))
  const lastChecks = checks.flatMap(({ policy, last_at: at }) => (current.has(policy) ? [at] : []))
  const lookedSince = Math.min(...lastChecks) - FIRST_LOOK
  const isUnread = new Set(unread.map(({ id }) => id))
  const groups = Map.groupBy(findings.groups, ({ repository }) => repository.id)
  const counts = await openCounts(store)
  for (const [id, some] of groups) {
    const count = some.reduce((sum, group) => sum + group.findings, 0)
    counts.set(id, Math.max(count, counts.get(id) ?? 0))
  }
  for (const repositories of repositoriesAtOnce(counts)) {
    const own = new FindingList(repositories.flatMap((id) => groups.get(id) ?? []))
    // What wasn't checked may be unchanged.
    const firstLooks = await firstLookedAt(store, repositories, lookedSince)
    await recordRepositories(store, {
      repositories,
      findings: own,
      sinceOf: (repository, policy) => (firstLooks.has(repository) ? null : sinceOf(policy)),
      mayEnd: (repository) => isWhole && !isUnread.has(repository),
      now,
    })
  }
  await write.transaction().execute(async (db) => {
    await sql`delete from policy_finding where ended_at < ${now - KEPT_FOR}`.execute(db)
    for (const policy of policies)
      await db
        .insertInto('policy_check')
        .values({ policy: storedText(policy), first_at: now, last_at: now })
        .onConflict((conflict) => conflict.column('policy').doUpdateSet({ last_at: now }))
        .execute()
  })
}

/** Open findings by repository. */
async function openCounts({ read }: Store): Promise<Map<number, number>> {
  const { rows } = await sql<{ repository_id: number; findings: number }>`
    select repository_id, count(*) as findings from policy_finding where ended_at is null group by repository_id`.execute(
    read,
  )
  return new Map(rows.map(({ repository_id: id, findings }) => [id, findings]))
}

/** As many repositories at a time as have not too many findings. */
function* repositoriesAtOnce(counts: ReadonlyMap<number, number>): Generator<readonly number[], void> {
  let some: number[] = []
  let findings = 0
  for (const [id, count] of counts) {
    if (some.length > 0 && findings + count > AT_ONCE) {
      yield some
      some = []
      findings = 0
    }
    some.push(id)
    findings += count
  }
  if (some.length > 0) yield some
}

/** Those of the repositories that had their first look at this time, or later: all their tags were there before. */
async function firstLookedAt(
  { read, dialect }: Store,
  repositories: readonly number[],
  since: number,
): Promise<ReadonlySet<number>> {
  if (!Number.isFinite(since)) return new Set()
  const rows = await read
    .selectFrom('repository')
    .select('id')
    .where((eb) => dialect.isOneOf(eb.ref('id'), repositories))
    .where(({ exists, selectFrom }) =>
      exists(
        selectFrom('tag_event')
          .select('tag_event.id')
          .whereRef('tag_event.repository_id', '=', 'repository.id')
          .where('tag_event.at', '>=', since)
          .where('tag_event.kind', '=', 'seen'),
      ),
    )
    .execute()
  return new Set(rows.map(({ id }) => id))
}

interface Recorded {
  readonly repositories: readonly number[]
  /** All of them in these repositories. */
  readonly findings: FindingList
  sinceOf(repository: number, policy: string): number | null
  /** Whether those that are missing in the repository have ended. */
  mayEnd(repository: number): boolean
  readonly now: number
}

async function recordRepositories(
  { write, dialect }: Store,
  { repositories, findings, sinceOf, mayEnd, now }: Recorded,
): Promise<void> {
  const current = new Map<string, (number | string | null)[]>()
  for await (const some of findings.batches())
    for (const finding of some) {
      const fingerprint = fingerprintOf(finding)
      current.set(`${finding.repositoryId} ${fingerprint}`, [
        finding.repositoryId,
        fingerprint,
        sinceOf(finding.repositoryId, finding.policy),
      ])
    }
  await write.transaction().execute(async (db) => {
    const open = await db
      .selectFrom('policy_finding')
      .select(['repository_id', 'fingerprint'])
      .where('ended_at', 'is', null)
      .where(dialect.isOneOf(sql.ref('repository_id'), repositories))
      .execute()
    const left: [number, string][] = []
    for (const { repository_id: repository, fingerprint } of open)
      if (!current.delete(`${repository} ${fingerprint}`) && mayEnd(repository)) left.push([repository, fingerprint])
    await insertFindings(db, dialect, [...current.values()])
    await endFindings(db, dialect, left, now)
  })
}

async function insertFindings(
  db: Kysely<Tables>,
  dialect: StoreDialect,
  rows: readonly (readonly (number | string | null)[])[],
): Promise<void> {
  const columns = { repository_id: 'int', fingerprint: 'text', since: 'bigint' } as const
  for (let at = 0; at < rows.length; at += AT_ONCE)
    await sql`
      insert into policy_finding (repository_id, fingerprint, since)
      select repository_id, fingerprint, since from ${dialect.rows('new', columns, rows.slice(at, at + AT_ONCE))} where true
      on conflict (repository_id, fingerprint) do update set since = excluded.since, ended_at = null`.execute(db)
}

async function endFindings(
  db: Kysely<Tables>,
  dialect: StoreDialect,
  rows: readonly (readonly (number | string)[])[],
  now: number,
): Promise<void> {
  const columns = { repository_id: 'int', fingerprint: 'text' } as const
  for (let at = 0; at < rows.length; at += AT_ONCE)
    await sql`
      update policy_finding set ended_at = ${now}
      from ${dialect.rows('gone', columns, rows.slice(at, at + AT_ONCE))}
      where policy_finding.repository_id = gone.repository_id and policy_finding.fingerprint = gone.fingerprint`.execute(
      db,
    )
}

export interface FindingHistory {
  /** When the first check was, in milliseconds since the epoch. Absent: there was none. */
  readonly began?: number
  /** When a finding began, where that is known. */
  sinceOf(finding: Finding): number | undefined
  /** Repositories that have a finding which began within the last week. */
  readonly newIn: ReadonlySet<number>
  /** Findings that began and ended in each of the last weeks, this one first. */
  readonly weeks: readonly { readonly added: number; readonly ended: number }[]
}

/** What is known of when findings began and ended, among what somebody may see. @throws StoreError */
export async function findingHistory(store: Store, visible: VisibleRepositories, now: number): Promise<FindingHistory> {
  const { read, dialect } = store
  const isVisible = visible.isEverything
    ? sql`1 = 1`
    : dialect.isOneOf(
        sql.ref('repository_id'),
        visible.list.map(({ id }) => id),
      )
  const since = await datedFindings(store, visible)
  const perWeek = async (column: 'since' | 'ended_at') => {
    const { rows } = await sql<{ week: number; findings: number }>`
      select (${sql.lit(now)} - ${sql.ref(column)}) / ${sql.lit(WEEK)} as week, count(*) as findings
      from policy_finding where ${sql.ref(column)} > ${now - TREND_WEEKS * WEEK} and ${isVisible} group by 1`.execute(
      read,
    )
    return new Map(rows.map(({ week, findings }) => [Number(week), Number(findings)]))
  }
  const [added, ended] = [await perWeek('since'), await perWeek('ended_at')]
  const first = await read.selectFrom('policy_check').select('first_at').orderBy('first_at').limit(1).executeTakeFirst()
  return {
    ...(first && { began: first.first_at }),
    sinceOf: (finding) => since.get(finding.repositoryId)?.get(fingerprintOf(finding)),
    newIn: new Set(
      [...since].flatMap(([id, times]) => ([...times.values()].some((time) => now - time < WEEK) ? [id] : [])),
    ),
    weeks: Array.from({ length: TREND_WEEKS }, (_, week) => ({
      added: added.get(week) ?? 0,
      ended: ended.get(week) ?? 0,
    })),
  }
}

/**
 * For those of these findings that were there at the first check: the earliest that this can have been, which is when
 * their policy was first checked, or their repository first seen. @throws StoreError
 */
export async function firstCheckedFrom(
  { read, dialect }: Store,
  findings: readonly Finding[],
): Promise<ReadonlyMap<Finding, number>> {
  const undated = findings.filter(({ since }) => since === undefined)
  if (undated.length === 0) return new Map()
  const { rows } = await sql<{ repository_id: number; fingerprint: string; first_seen: number }>`
    select f.repository_id, f.fingerprint, r.first_seen
    from policy_finding f join repository r on r.id = f.repository_id
    where f.since is null and f.ended_at is null
      and ${dialect.isOneOf(
        sql.ref('f.repository_id'),
        undated.map(({ repositoryId }) => repositoryId),
      )}
      and ${dialect.isOneOfTexts(sql.ref('f.fingerprint'), undated.map(fingerprintOf))}`.execute(read)
  const checks = await read.selectFrom('policy_check').select(['policy', 'first_at']).execute()
  const firstSeen = new Map(rows.map((row) => [`${row.repository_id} ${row.fingerprint}`, Number(row.first_seen)]))
  const firstChecks = new Map(checks.map(({ policy, first_at: at }) => [policy, at]))
  return new Map(
    undated.flatMap((finding) => {
      const check = firstChecks.get(storedText(finding.policy))
      const seen = firstSeen.get(`${finding.repositoryId} ${fingerprintOf(finding)}`)
      return check === undefined || seen === undefined ? [] : [[finding, Math.max(check, seen)]]
    }),
  )
}

/** When the open findings of visible repositories began: by repository and fingerprint. */
async function datedFindings(store: Store, visible: VisibleRepositories) {
  const counts = [...(await openCounts(store))].filter(([id]) => visible.byId.has(id))
  const found = new Map<number, Map<string, number>>()
  for (const repositories of repositoriesAtOnce(new Map(counts))) {
    const rows = await readPacked<[repository: number, fingerprint: string, since: number]>(
      store,
      ['repository_id', 'fingerprint', 'since'].map((column) => sql.ref(column)),
      sql`from policy_finding where ${store.dialect.isOneOf(sql.ref('repository_id'), repositories)}
        and since is not null and ended_at is null`,
    )
    for (const [repository, fingerprint, since] of rows) {
      const of = found.get(repository) ?? new Map<string, number>()
      found.set(repository, of.set(fingerprint, since))
    }
  }
  return found
}

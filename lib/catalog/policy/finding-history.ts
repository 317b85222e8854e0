import { type Kysely, sql } from 'kysely'
import type { Store } from '../../store/store.ts'
import type { StoreDialect } from '../../store/store-dialect.ts'
import type { Tables } from '../../store/tables.ts'
import type { VisibleRepositories } from '../database/repository-index.ts'
import { storedText, textHash } from '../database/stored-text.ts'
import type { Finding, Findings } from './find-findings.ts'

export const WEEK = 7 * 86_400_000
/** Weeks that the trend goes back. */
export const TREND_WEEKS = 12
/** Findings that are over are forgotten after this. */
const KEPT_FOR = 60 * WEEK
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
 * of a policy's first check, the beginning is unknown.
 * @throws StoreError
 */
export async function recordFindings(
  { write, dialect }: Store,
  policies: readonly string[],
  { findings, isComplete }: Pick<Findings, 'findings' | 'isComplete'>,
  now: number,
): Promise<void> {
  await write.transaction().execute(async (db) => {
    const checked = new Set(
      (await db.selectFrom('policy_check').select('policy').execute()).map(({ policy }) => policy),
    )
    const open = await db
      .selectFrom('policy_finding')
      .select(['repository_id', 'fingerprint'])
      .where('ended_at', 'is', null)
      .execute()
    const left = new Set(open.map((row) => `${row.repository_id} ${row.fingerprint}`))
    const added = new Map<string, (number | string | null)[]>()
    for (const finding of findings) {
      const fingerprint = fingerprintOf(finding)
      const name = `${finding.repositoryId} ${fingerprint}`
      if (left.delete(name) || added.has(name)) continue
      const since = checked.has(storedText(finding.policy)) ? now : null
      added.set(name, [finding.repositoryId, fingerprint, since])
    }
    await insertFindings(db, dialect, [...added.values()])
    // What wasn't checked may be unchanged.
    if (isComplete)
      await endFindings(
        db,
        dialect,
        Array.from(left, (name) => {
          const [repository = '', fingerprint = ''] = name.split(' ')
          return [Number(repository), fingerprint]
        }),
        now,
      )
    await sql`delete from policy_finding where ended_at < ${now - KEPT_FOR}`.execute(db)
    for (const policy of policies)
      await db
        .insertInto('policy_check')
        .values({ policy: storedText(policy), first_at: now, last_at: now })
        .onConflict((conflict) => conflict.column('policy').doUpdateSet({ last_at: now }))
        .execute()
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
  /** By repository and fingerprint: when it began, where that is known. */
  readonly since: ReadonlyMap<string, number>
  /** Findings that began and ended in each of the last weeks, this one first. */
  readonly weeks: readonly { readonly added: number; readonly ended: number }[]
}

/** What is known of when findings began and ended, among what somebody may see. @throws StoreError */
export async function findingHistory(
  { read, dialect }: Store,
  visible: VisibleRepositories,
  now: number,
): Promise<FindingHistory> {
  const isVisible = visible.isEverything
    ? sql`1 = 1`
    : dialect.isOneOf(
        sql.ref('repository_id'),
        visible.list.map(({ id }) => id),
      )
  const { rows: open } = await sql<{ repository_id: number; fingerprint: string; since: number }>`
    select repository_id, fingerprint, since from policy_finding
    where since is not null and ended_at is null and ${isVisible}`.execute(read)
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
    since: new Map(open.map((row) => [`${row.repository_id} ${row.fingerprint}`, row.since])),
    weeks: Array.from({ length: TREND_WEEKS }, (_, week) => ({
      added: added.get(week) ?? 0,
      ended: ended.get(week) ?? 0,
    })),
  }
}

import { sql } from 'kysely'
import type { RepositoryName } from '../../oci/reference.ts'
import type { Store } from '../../store/store.ts'

const HOUR = 3_600_000
/** A repository that never changes is still checked once a day. */
const LONGEST = 24 * HOUR
/** A repository unchanged for this many times as long isn't due yet. */
const SHARE = 10

/** How long a check of a repository stays valid, in milliseconds, by how long ago something changed in it. */
export function looksLast(sinceChange: number): number {
  return Math.min(LONGEST, sinceChange / SHARE)
}

export interface Due {
  /** Sorted by code unit, as a cursor needs it. */
  readonly repositories: readonly RepositoryName[]
  /** Repositories that the catalog knows and a complete list lacks. */
  readonly unlisted: ReadonlySet<RepositoryName>
  /** Listed repositories that the catalog doesn't know. */
  readonly unknown: readonly RepositoryName[]
}

/**
 * The repositories of a registry that are due: listed ones, and those that only the catalog knows.
 * @param everything also recently checked ones
 * @throws StoreError
 */
export async function dueRepositories(
  { read }: Store,
  registry: string,
  listed: readonly RepositoryName[],
  { everything, now }: { readonly everything: boolean; readonly now: number },
): Promise<Due> {
  const { rows } = await sql<{
    name: RepositoryName
    looked_at: number | null
    list_seen: number | null
    changed: number
  }>`
    select r.name, r.looked_at, r.list_seen, coalesce(
      (select max(at) from tag_event e where e.repository_id = r.id and e.kind <> 'seen'), r.first_seen
    ) as changed
    from repository r join registry g on g.id = r.registry_id
    where g.name = ${registry} and r.gone_at is null`.execute(read)
  const isListed = new Set(listed)
  const known = new Map(rows.map((row) => [row.name, row]))
  const isDue = (name: RepositoryName) => {
    const row = known.get(name)
    if (everything || !row || row.looked_at === null) return true
    // It counts as looked at since it's known, and its tags haven't been read yet.
    if (row.list_seen === null || row.list_seen < row.looked_at) return true
    return now - row.looked_at >= looksLast(now - row.changed)
  }
  const unlisted = new Set([...known.keys()].filter((name) => !isListed.has(name)))
  return {
    repositories: [...new Set([...listed, ...unlisted])].filter(isDue).sort(),
    unlisted,
    unknown: [...isListed].filter((name) => !known.has(name)),
  }
}

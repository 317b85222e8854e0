import { sql } from 'kysely'
import type { Store } from '../../store/store.ts'
import type { KnownRepository } from './repository-index.ts'

/** Tags that a regular expression is tried on; more make the result partial. */
const MOST_TAGS = 100_000
const REPOSITORIES_AT_ONCE = 200
/** Names that are tried before others get their turn. */
const UNTIL_YIELD = 2_000

/** The tags of some repositories whose name `matches`. SQL's own regular expressions differ between databases. */
export async function matchingTags(
  { read, dialect }: Store,
  repositories: readonly KnownRepository[],
  matches: (tag: string) => boolean,
): Promise<{ readonly ids: readonly number[]; readonly partial: boolean }> {
  const ids: number[] = []
  let tried = 0
  for (let start = 0; start < repositories.length; start += REPOSITORIES_AT_ONCE) {
    const some = repositories.slice(start, start + REPOSITORIES_AT_ONCE).map(({ id }) => id)
    const { rows } = await sql<{ id: number; name: string }>`
      select id, name from tag where ${dialect.isOneOf(sql.ref('repository_id'), some)}
      limit ${MOST_TAGS - tried + 1}`.execute(read)
    for (const { id, name } of rows) {
      if (++tried > MOST_TAGS) return { ids, partial: true }
      if (matches(name)) ids.push(id)
      if (tried % UNTIL_YIELD === 0) await new Promise(setImmediate)
    }
  }
  return { ids, partial: false }
}

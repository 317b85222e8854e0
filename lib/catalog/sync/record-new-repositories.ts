import { sql } from 'kysely'
import type { RepositoryName } from '../../oci/reference.ts'
import type { Store } from '../../store/store.ts'
import { recordRepositories } from '../database/repository-ids.ts'

/** Names that one transaction writes. */
const AT_ONCE = 2_000

/**
 * Makes repositories known that weren't. Once all of their registry was synced they are new, and so are their tags.
 * @returns their ids, in order
 * @throws StoreError
 */
export async function recordNewRepositories(
  store: Store,
  registry: string,
  names: readonly RepositoryName[],
  at: number,
): Promise<readonly number[]> {
  const ids: number[] = []
  for (let from = 0; from < names.length; from += AT_ONCE) {
    const some = await recordRepositories(store, registry, names.slice(from, from + AT_ONCE), at)
    await sql`
      update repository set looked_at = ${at} where ${store.dialect.isOneOf(sql.ref('id'), some)} and exists (
        select 1 from sync_run where sync_run.registry_id = repository.registry_id and state = 'complete'
      )`.execute(store.write)
    ids.push(...some)
  }
  return ids
}

import type { Place } from '../oci/place.ts'
import type { Store } from './store.ts'

/** What one person keeps at hand, in the order in which they pinned it. @throws StoreError */
export async function pinnedRepositories({ read }: Store, owner: string): Promise<readonly Place[]> {
  return read
    .selectFrom('pinned_repository')
    .select(['registry', 'repository'])
    .where('owner', '=', owner)
    .orderBy('created_at')
    .orderBy('repository')
    .execute()
}

/** @throws StoreError */
export async function setPinned(
  { write }: Store,
  owner: string,
  { registry, repository, pinned }: Place & { readonly pinned: boolean },
  now: number,
): Promise<void> {
  if (pinned)
    await write
      .insertInto('pinned_repository')
      .values({ owner, registry, repository, created_at: now })
      .onConflict((conflict) => conflict.doNothing())
      .execute()
  else
    await write
      .deleteFrom('pinned_repository')
      .where('owner', '=', owner)
      .where('registry', '=', registry)
      .where('repository', '=', repository)
      .execute()
}

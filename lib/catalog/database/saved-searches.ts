import { randomUUID } from 'node:crypto'
import type { Store } from '../../store/store.ts'
import { originalText, storedText } from './stored-text.ts'

export interface SavedSearch {
  readonly id: string
  readonly name: string
  /** Of the page, with its query: `/search?q=…`. */
  readonly href: string
}

/** By name. @throws StoreError */
export async function savedSearches({ read }: Store, owner: string): Promise<SavedSearch[]> {
  const rows = await read
    .selectFrom('saved_search')
    .select(['id', 'name', 'query'])
    .where('owner', '=', owner)
    .orderBy('name')
    .execute()
  return rows.map(({ id, name, query }) => ({ id, name: originalText(name), href: query }))
}

/** A search of the same name is replaced. @throws StoreError */
export async function saveSearch(
  { write }: Store,
  owner: string,
  { name, href }: Pick<SavedSearch, 'name' | 'href'>,
  now: number,
): Promise<void> {
  await write
    .insertInto('saved_search')
    .values({ id: randomUUID(), owner, name: storedText(name), query: href, created_at: now })
    .onConflict((conflict) => conflict.columns(['owner', 'name']).doUpdateSet({ query: href, created_at: now }))
    .execute()
}

/** Nothing happens for one of somebody else. @throws StoreError */
export async function deleteSavedSearch({ write }: Store, owner: string, id: string): Promise<void> {
  await write.deleteFrom('saved_search').where('owner', '=', owner).where('id', '=', id).execute()
}

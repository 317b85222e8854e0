import type { Store } from '../../store/store.ts'
import { originalText } from './stored-text.ts'

/** All platforms, which are few, by id. @throws StoreError */
export async function platformNames({ read }: Store): Promise<ReadonlyMap<number, string>> {
  const rows = await read.selectFrom('platform').selectAll().execute()
  return new Map(rows.map(({ id, name }) => [id, originalText(name)]))
}

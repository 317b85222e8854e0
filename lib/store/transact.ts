import type { Transaction } from 'kysely'
import type { Store } from './store.ts'
import { StoreError } from './store-error.ts'
import type { Tables } from './tables.ts'

const TRIES = 4
/** SQLSTATE (postgresql.org/docs/current/mvcc-serialization-failure-handling.html): deadlock, serialization failure. */
const RETRIED: ReadonlySet<unknown> = new Set(['40P01', '40001'])

/**
 * Runs writes in a transaction. Of two transactions that wait for each other PostgreSQL ends one, as when two registries
 * are synced that hold the same images: that one runs again, so the work must do nothing but write.
 * @throws what the work throws, and StoreError; then nothing of it is committed
 */
export async function transact<T>({ write }: Store, work: (db: Transaction<Tables>) => Promise<T>): Promise<T> {
  for (let left = TRIES; ; left--) {
    try {
      return await write.transaction().execute(work)
    } catch (error) {
      if (left === 1 || !isRetried(error)) throw error
    }
  }
}

function isRetried(error: unknown): boolean {
  if (!(error instanceof StoreError)) return false
  const { cause } = error
  return cause instanceof Error && 'code' in cause && RETRIED.has(cause.code)
}

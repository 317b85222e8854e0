import { createHash } from 'node:crypto'
import type { Store } from '../../store/store.ts'
import { StoreError } from '../../store/store-error.ts'
import { type FailureStore, type Failures, FORGOTTEN_AFTER, memoryFailures } from './failure-store.ts'

/** Every how many updates forgotten rows are removed. */
const TIDY_EVERY = 100

/** Failures that replicas share. While the database is down, each replica counts its own. */
export function databaseFailures(open: () => Promise<Store>): FailureStore {
  const own = memoryFailures()
  let updates = 0
  return {
    async update(key, change) {
      try {
        const store = await open()
        const changed = await updateRow(store, hashOf(key), change)
        if (++updates % TIDY_EVERY === 0 && changed)
          await store.write
            .deleteFrom('sign_in_failure')
            .where('last_at', '<', changed.lastAt - FORGOTTEN_AFTER)
            .execute()
        return changed
      } catch (error) {
        if (!(error instanceof StoreError)) throw error
        return own.update(key, change)
      }
    },
  }
}

function updateRow(
  store: Store,
  key: string,
  change: (held: Failures | undefined) => Failures | undefined,
): Promise<Failures | undefined> {
  return store.write.transaction().execute(async (transaction) => {
    // Inserting or updating takes the row's lock on either database: what others do to it waits.
    const row = await transaction
      .insertInto('sign_in_failure')
      .values({ key, count: 0, blocked_until: 0, last_at: 0 })
      .onConflict((conflict) => conflict.column('key').doUpdateSet({ key }))
      .returning(['count', 'blocked_until', 'last_at'])
      .executeTakeFirstOrThrow()
    const held =
      Number(row.last_at) === 0
        ? undefined
        : { count: row.count, blockedUntil: Number(row.blocked_until), lastAt: Number(row.last_at) }
    const changed = change(held)
    if (!changed) await transaction.deleteFrom('sign_in_failure').where('key', '=', key).execute()
    else {
      const { count, blockedUntil, lastAt } = changed
      await transaction
        .updateTable('sign_in_failure')
        // The clocks of processes give fractions of milliseconds.
        .set({ count, blocked_until: Math.ceil(blockedUntil), last_at: Math.ceil(lastAt) })
        .where('key', '=', key)
        .execute()
    }
    return changed
  })
}

/** What people typed as a user name may have been a password. */
function hashOf(key: string): string {
  return createHash('sha256').update(key).digest('hex')
}

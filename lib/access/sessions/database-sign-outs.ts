import { sql } from 'kysely'
import { processWide } from '../../config/process-wide.ts'
import { steadyNow } from '../../config/steady-clock.ts'
import type { Store } from '../../store/store.ts'
import { StoreError } from '../../store/store-error.ts'
import type { SignOuts } from './sign-outs.ts'

/** Milliseconds: how soon a sign-out at one replica ends the sessions at the others. */
const READ_AGAIN_AFTER = 1000
const CACHED = 10_000

/**
 * Those that replicas share. While the database is down, each replica goes by what it has read last and by its own.
 * @param own those of this process
 */
export function databaseSignOuts(open: () => Promise<Store>, own: SignOuts): SignOuts {
  const read = processWide(
    'sign-outs-read',
    () => new Map<string, { readonly last: number; readonly readAt: number }>(),
  )
  const shared = async (username: string): Promise<number> => {
    const known = read.get(username)
    if (known && performance.now() - known.readAt < READ_AGAIN_AFTER) return known.last
    try {
      const store = await open()
      const row = await store.read
        .selectFrom('sign_out')
        .select('at')
        .where('username', '=', username)
        .executeTakeFirst()
      const last = Number(row?.at ?? 0)
      read.delete(username)
      read.set(username, { last, readAt: performance.now() })
      const oldest = read.keys().next()
      if (read.size > CACHED && !oldest.done) read.delete(oldest.value)
      return last
    } catch (error) {
      if (!(error instanceof StoreError)) throw error
      return known?.last ?? 0
    }
  }
  return {
    hasEnded: (session) => own.hasEnded(session),
    lastOf: async (username) => Math.max(await shared(username), await own.lastOf(username)),
    async record(username) {
      // It takes effect here at once, even if the database fails.
      await own.record(username)
      read.delete(username)
      const at = Math.ceil(steadyNow())
      try {
        const store = await open()
        await store.write
          .insertInto('sign_out')
          .values({ username, at })
          .onConflict((conflict) =>
            conflict.column('username').doUpdateSet({
              at: sql<number>`case when sign_out.at > excluded.at then sign_out.at else excluded.at end`,
            }),
          )
          .execute()
      } catch (error) {
        if (!(error instanceof StoreError)) throw error
        console.error(`A sign-out could not be shared with other replicas: ${error.message}`)
      }
    },
  }
}

import { sql } from 'kysely'
import type { Store } from '../../store/store.ts'

/** Events in one statement: others write between two. */
const AT_ONCE = 5_000

/** Forgets what happened to tags before a time, and findings that had ended by then. @returns how many @throws StoreError */
export async function pruneEvents({ write }: Store, before: number): Promise<number> {
  let forgotten = 0
  for (;;) {
    const { numAffectedRows } = await sql`
      delete from tag_event where id in (
        select id from tag_event where at < ${before} order by at, id limit ${AT_ONCE})`.execute(write)
    forgotten += Number(numAffectedRows ?? 0)
    if (Number(numAffectedRows ?? 0) < AT_ONCE) break
  }
  await write.deleteFrom('policy_finding').where('ended_at', '<', before).execute()
  return forgotten
}

import { sql } from 'kysely'
import { commitTogether } from '../store/commit-together.ts'
import type { Store } from '../store/store.ts'
import { hashOf, signHead } from './audit-chain.ts'
import type { AuditEntry, NewEntry } from './audit-entry.ts'

/**
 * Adds a row and chains it to the one before. Concurrent writers, other processes included, wait for one another at the
 * head. @throws StoreError, and then nothing was added
 */
export function appendEntry(store: Store, key: Uint8Array, entry: NewEntry): Promise<AuditEntry> {
  return commitTogether(store, async (transaction) => {
    const head = await transaction
      .updateTable('audit_head')
      .set({ seq: sql`seq + 1` })
      .where('id', '=', 1)
      .returning(['seq', 'hash'])
      .executeTakeFirstOrThrow()
    const chained = { ...entry, seq: head.seq, previous: head.hash }
    const hash = hashOf(chained)
    await transaction
      .insertInto('audit_entry')
      .values({ ...chained, hash })
      .execute()
    await transaction
      .updateTable('audit_head')
      .set({ hash, signature: signHead(key, { seq: head.seq, hash }) })
      .where('id', '=', 1)
      .execute()
    return { ...chained, hash }
  })
}

import { sql, type Transaction } from 'kysely'
import { commitAll } from '../store/commit-together.ts'
import type { Store } from '../store/store.ts'
import type { Tables } from '../store/tables.ts'
import { hashOf, signHead } from './audit-chain.ts'
import type { AuditEntry, NewEntry } from './audit-entry.ts'

/**
 * Adds a row and chains it to the one before. Concurrent writers, other processes included, wait for one another at the
 * head. @throws StoreError, and then nothing was added
 */
export function appendEntry(store: Store, key: Uint8Array, entry: NewEntry): Promise<AuditEntry> {
  return commitAll(store, { key, entry }, appendAll)
}

interface Appended {
  readonly key: Uint8Array
  readonly entry: NewEntry
}

/** Three statements for any number of rows, each of which holds the hash of the one before. */
async function appendAll(transaction: Transaction<Tables>, appended: readonly Appended[]): Promise<AuditEntry[]> {
  const { seq: last, hash: previous } = await transaction
    .updateTable('audit_head')
    .set({ seq: sql`seq + ${appended.length}` })
    .where('id', '=', 1)
    .returning(['seq', 'hash'])
    .executeTakeFirstOrThrow()
  const rows: AuditEntry[] = []
  for (const { entry } of appended) {
    const chained = {
      ...entry,
      seq: last - appended.length + rows.length + 1,
      previous: rows.at(-1)?.hash ?? previous,
    }
    rows.push({ ...chained, hash: hashOf(chained) })
  }
  await transaction.insertInto('audit_entry').values(rows).execute()
  const [newest, by] = [rows.at(-1), appended.at(-1)]
  if (newest && by)
    await transaction
      .updateTable('audit_head')
      .set({ hash: newest.hash, signature: signHead(by.key, newest) })
      .where('id', '=', 1)
      .execute()
  return rows
}

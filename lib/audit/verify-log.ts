import type { Store } from '../store/store.ts'
import { type Head, hashOf, isSignedHead } from './audit-chain.ts'

/** What checking the whole log found. */
export type LogVerification =
  | { readonly state: 'intact'; readonly rows: number; readonly head: string }
  /** `row` is the first that isn't as it was written, or isn't there. */
  | { readonly state: 'broken'; readonly row: number; readonly reason: string }

/** Rows at a time: about 50 ms of hashing. */
const CHUNK = 2_000

/**
 * Recomputes every hash and compares the end with the signed head: an edit, a removed or moved row and a log that was
 * cut short are found. Rows that are added meanwhile are left to the next time. @throws StoreError
 */
export async function verifyLog(store: Store, key: Uint8Array): Promise<LogVerification> {
  const head = await store.read.selectFrom('audit_head').selectAll().where('id', '=', 1).executeTakeFirst()
  if (!head) return broken(0, 'the head of the log is missing')
  let last: Head = { seq: 0, hash: '' }
  while (last.seq < head.seq) {
    const rows = await store.read
      .selectFrom('audit_entry')
      .selectAll()
      .where('seq', '>', last.seq)
      .where('seq', '<=', head.seq)
      .orderBy('seq')
      .limit(CHUNK)
      .execute()
    if (rows.length === 0) return broken(last.seq + 1, `the log ends here, and ${head.seq} rows were recorded`)
    for (const row of rows) {
      if (row.seq !== last.seq + 1) return broken(last.seq + 1, 'the row is missing')
      if (row.previous !== last.hash) return broken(row.seq, 'the row doesn’t follow the one before')
      if (row.hash !== hashOf(row)) return broken(row.seq, 'the row was changed')
      last = row
    }
  }
  const beyond = await firstBeyondHead(store)
  if (beyond !== undefined) return broken(beyond, 'the row was added after the head of the log')
  if (head.seq === 0 && head.hash === '') return { state: 'intact', rows: 0, head: '' }
  if (head.hash !== last.hash) return broken(last.seq, 'the row doesn’t match the head of the log')
  if (!isSignedHead(key, head))
    return broken(last.seq, 'the head of the log isn’t signed with this installation’s secret (AUTH_SECRET)')
  return { state: 'intact', rows: last.seq, head: last.hash }
}

/** One statement, so that a row being added isn't mistaken for tampering. */
async function firstBeyondHead(store: Store): Promise<number | undefined> {
  const row = await store.read
    .selectFrom('audit_entry')
    .innerJoin('audit_head', (join) => join.onRef('audit_entry.seq', '>', 'audit_head.seq'))
    .select('audit_entry.seq')
    .orderBy('audit_entry.seq')
    .limit(1)
    .executeTakeFirst()
  return row?.seq
}

function broken(row: number, reason: string): LogVerification {
  return { state: 'broken', row, reason }
}

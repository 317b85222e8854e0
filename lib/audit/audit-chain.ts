import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import { AUDIT_COLUMNS, type AuditEntry } from './audit-entry.ts'

/**
 * What a row's hash covers, in the order that it has had since the first row: everything but the hash itself. Written
 * down in the README, so that an exported log can be checked without Lading.
 */
const COVERED = AUDIT_COLUMNS.filter((column) => column !== 'hash')

/** SHA-256 in hex of the values as one JSON array. */
export function hashOf(entry: Omit<AuditEntry, 'hash'>): string {
  return createHash('sha256')
    .update(JSON.stringify(COVERED.map((column) => entry[column])))
    .digest('hex')
}

export interface Head {
  readonly seq: number
  readonly hash: string
}

/** Records the log's length. It can't be forged with the database alone. */
export function signHead(key: Uint8Array, { seq, hash }: Head): string {
  return createHmac('sha256', key).update(`${seq} ${hash}`).digest('hex')
}

export function isSignedHead(key: Uint8Array, head: Head & { readonly signature: string }): boolean {
  const expected = Buffer.from(signHead(key, head))
  const found = Buffer.from(head.signature)
  return expected.length === found.length && timingSafeEqual(expected, found)
}

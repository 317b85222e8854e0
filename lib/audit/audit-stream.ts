import { appendFile } from 'node:fs/promises'
import { config } from '../config/config.ts'
import { processWide } from '../config/process-wide.ts'
import type { AuditEntry } from './audit-entry.ts'

/**
 * Hands a row on as a JSON line, to standard output or a file, where AUDIT_LOG says so: for a collector elsewhere. The
 * database remains the record, so a row that can't be handed on is reported and doesn't hold up anybody.
 */
export function streamEntry(entry: AuditEntry): void {
  const { auditLog } = config()
  if (auditLog === undefined) return
  const line = `${JSON.stringify({ audit: entry })}\n`
  if (auditLog === 'stdout') {
    process.stdout.write(line)
    return
  }
  const memory = processWide('audit-stream', () => ({ last: Promise.resolve() }))
  memory.last = memory.last
    .then(() => appendFile(/*turbopackIgnore: true*/ auditLog, line, { mode: 0o600 }))
    .catch((error) => console.error(`Row ${entry.seq} of the audit log can’t be appended to ${auditLog}`, error))
}

/** Resolves when everything so far is written. */
export function streamedEntries(): Promise<void> {
  return processWide('audit-stream', () => ({ last: Promise.resolve() })).last
}

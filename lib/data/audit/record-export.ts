import type { Actor } from '../../access/actor.ts'
import { exportLimit } from '../../access/request-limit.ts'
import type { AuditSubject } from '../../audit/audit-entry.ts'
import { recordEvent } from '../../audit/record.ts'
import { sourceOf } from './source-of.ts'

/**
 * Counts an export against its actor's limit, and records it before its first byte.
 * @param what its display name, such as `search results`
 * @param query what selects the rows, as typed
 * @throws AccessError `too-many`, AuditError; and then nothing may be sent
 */
export async function recordExport(
  actor: Actor,
  what: string,
  {
    query,
    ...place
  }: Pick<AuditSubject, 'registry' | 'repository' | 'tag' | 'after'> & { readonly query?: string } = {},
): Promise<void> {
  const source = sourceOf(actor)
  exportLimit().take(actor, source.address ?? '')
  await recordEvent(source, { action: 'export', ...place, detail: { what, ...(query && { query }) } })
}

import type { Actor } from '../../access/actor.ts'
import type { AuditSubject } from '../../audit/audit-entry.ts'
import { recordEvent } from '../../audit/record.ts'
import { sourceOf } from './source-of.ts'

/**
 * Records an export before its first byte.
 * @param what its display name, such as `search results`
 * @param query what selects the rows, as typed
 * @throws AuditError, and then nothing may be sent
 */
export async function recordExport(
  actor: Actor,
  what: string,
  {
    query,
    ...place
  }: Pick<AuditSubject, 'registry' | 'repository' | 'tag' | 'after'> & { readonly query?: string } = {},
): Promise<void> {
  await recordEvent(sourceOf(actor), { action: 'export', ...place, detail: { what, ...(query && { query }) } })
}

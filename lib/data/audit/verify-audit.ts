import 'server-only'
import { AccessError } from '../../access/access-error.ts'
import type { Actor } from '../../access/actor.ts'
import { auditKey } from '../../audit/audit-key.ts'
import { type LogVerification, verifyLog } from '../../audit/verify-log.ts'
import { processWide } from '../../config/process-wide.ts'
import { theStore } from '../../store/the-store.ts'
import { auditScopeOf } from './audit-scope.ts'

export type VerifiedAudit = LogVerification & {
  /** RFC 3339. */
  readonly at: string
}

interface Memory {
  last?: VerifiedAudit
  running?: Promise<VerifiedAudit>
}

const memory = () => processWide<Memory>('verified-audit', () => ({}))

/** What the last check of the whole log in this process found. */
export function lastVerification(): VerifiedAudit | undefined {
  return memory().last
}

/** Checks the whole log. Simultaneous requests share one check. @throws AccessError, StoreError */
export function verifyAudit(actor: Actor): Promise<VerifiedAudit> {
  if (auditScopeOf(actor)?.kind !== 'all') throw new AccessError('denied', 'audit', {})
  const current = memory()
  current.running ??= check(current).finally(() => {
    current.running = undefined
  })
  return current.running
}

async function check(current: Memory): Promise<VerifiedAudit> {
  const at = new Date().toISOString()
  const found = { ...(await verifyLog(await theStore(), await auditKey())), at }
  current.last = found
  return found
}

import { hkdfSync } from 'node:crypto'
import { authSecretOf } from '../config/auth-secret.ts'
import { config } from '../config/config.ts'
import { processWide } from '../config/process-wide.ts'

/** Signs the head of the log. Derived, so that every replica with the same secret agrees. */
export function auditKey(): Promise<Uint8Array> {
  const memory = processWide<{ key?: Promise<Uint8Array> }>('audit-key', () => ({}))
  memory.key ??= authSecretOf(config()).then(deriveAuditKey)
  memory.key.catch(() => {
    delete memory.key
  })
  return memory.key
}

export function deriveAuditKey(authSecret: string): Uint8Array {
  return new Uint8Array(hkdfSync('sha256', authSecret, '', 'lading audit log', 32))
}

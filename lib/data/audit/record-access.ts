import { type AccessEvent, onAccessEvent } from '../../access/access-events.ts'
import { actorOf } from '../../access/actor.ts'
import { addressGroup } from '../../access/connection.ts'
import { describeRights } from '../../access/describe-rights.ts'
import { isAccountName } from '../../access/sign-in/account-name.ts'
import { findUser } from '../../access/sign-in/find-user.ts'
import type { AuditAction } from '../../audit/audit-entry.ts'
import { recordEvent, recordRefusal } from '../../audit/record.ts'
import { config } from '../../config/config.ts'
import { currentRequestId } from '../../observe/request-id.ts'
import { foldRefusals } from './fold-refusals.ts'

/** From now on sign-ins, sign-outs and uses of tokens are in the audit log. */
export function recordAccess(): void {
  onAccessEvent(record)
}

async function record({ kind, username, address, by, reason }: AccessEvent): Promise<void> {
  const known = await findUser(config(), username)
  // The registry has confirmed the account of a sign-in that succeeded.
  const isConfirmed = kind !== 'sign-in-failed' && isAccountName(username)
  const source = {
    // A typed text that isn't a user name may be a password.
    actor: known?.username ?? (isConfirmed ? username : undefined),
    rights: (known && describeRights(actorOf(config(), known, 'none')).join('; ')) || undefined,
    address,
    request: currentRequestId(),
  }
  if (kind !== 'sign-in-failed') {
    await recordEvent(source, { action: ACTIONS[kind], detail: kind === 'token-used' ? { what: by } : { by } })
    return
  }
  const detail = { by, problem: { code: reason ?? 'sign-in.wrong' }, ...(!known && { user: 'unknown' }) }
  await foldRefusals().take(`sign-in ${addressGroup(address)}`, (leftOut) =>
    recordRefusal(source, { action: 'sign-in', detail: { ...detail, ...(leftOut > 0 && { leftOut }) } }),
  )
}

const ACTIONS = {
  'sign-in': 'sign-in',
  'sign-out': 'sign-out',
  'token-used': 'use-token',
} as const satisfies Record<Exclude<AccessEvent['kind'], 'sign-in-failed'>, AuditAction>

import type { Actor } from '../../access/actor.ts'
import { allows, holdsEverywhere } from '../../access/authorize.ts'
import type { AuditEntry } from '../../audit/audit-entry.ts'
import type { LoggedAction } from '../../audit/read-log.ts'
import { withoutHiddenSource } from './without-hidden-source.ts'

/** Which rows of the log a user may read. */
export interface AuditScope {
  readonly kind: 'all' | 'scoped' | 'own'
  readonly includes: (entry: AuditEntry) => boolean
  /** What the reader may know of one that is included. */
  readonly shown: (action: LoggedAction) => LoggedAction
}

/**
 * Users read their own actions, and those in the repositories whose log they may read: with that right everywhere, the
 * whole log. Undefined: nothing.
 */
export function auditScopeOf(actor: Actor): AuditScope | undefined {
  // Users need no right for their own rows, but a token that isn't for the log reads none of it.
  if (actor.only && !actor.only.includes('audit')) return undefined
  if (holdsEverywhere(actor, 'audit')) return { kind: 'all', includes: () => true, shown: whole }
  const isOwn = ({ actor: user }: AuditEntry) => actor.kind === 'user' && user === actor.username
  if (allows(actor, 'audit', {}))
    return {
      kind: 'scoped',
      includes: (entry) => {
        const { registry, repository } = entry
        return isOwn(entry) || (!!registry && !!repository && allows(actor, 'audit', { registry, repository }))
      },
      shown: (action) => (isOwn(action.entry) ? action : withoutHiddenSource(actor, action)),
    }
  return actor.kind === 'user' ? { kind: 'own', includes: isOwn, shown: whole } : undefined
}

function whole(action: LoggedAction): LoggedAction {
  return action
}

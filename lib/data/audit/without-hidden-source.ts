import type { Actor } from '../../access/actor.ts'
import { allows } from '../../access/authorize.ts'
import type { AuditEntry } from '../../audit/audit-entry.ts'
import type { LoggedAction } from '../../audit/read-log.ts'
import { isRepositoryName } from '../../oci/reference.ts'
import { detailOf } from './audit-row.ts'

/**
 * A copy without its source, for readers who may see its destination only. A problem keeps its code: its words can name
 * the source too.
 */
export function withoutHiddenSource(actor: Actor, action: LoggedAction): LoggedAction {
  const { entry, outcome } = action
  const { from } = detailOf(entry.detail)
  if (typeof from !== 'string' || maySee(actor, from)) return action
  return { entry: hidden(entry), ...(outcome && { outcome: hidden(outcome) }) }
}

/** @param from `hub/team/app`, or with a digest */
function maySee(actor: Actor, from: string): boolean {
  const [, registry, repository] = /^([^/]+)\/([^@]+)/.exec(from) ?? []
  return registry !== undefined && isRepositoryName(repository) && allows(actor, 'browse', { registry, repository })
}

function hidden(entry: AuditEntry): AuditEntry {
  const { from: _, problem, ...detail } = detailOf(entry.detail)
  const code = typeof problem === 'object' && problem !== null && 'code' in problem ? problem.code : undefined
  const left = { ...detail, ...(code !== undefined && { problem: { code } }) }
  return { ...entry, detail: Object.keys(left).length === 0 ? null : JSON.stringify(left) }
}

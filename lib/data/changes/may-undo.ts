import type { Actor } from '../../access/actor.ts'
import { registryDecides } from '../../access/authorize.ts'
import type { JournalledChange } from '../../store/change-journal.ts'

/** What others took away may be what the actor's own account of the registry could never see: only their own changes. */
export function mayUndo(actor: Actor, { record, by }: Pick<JournalledChange, 'record' | 'by'>): boolean {
  return !registryDecides(actor, record.registry) || (actor.kind === 'user' && by === actor.username)
}

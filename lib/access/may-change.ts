import type { Actor } from './actor.ts'
import { allows, type Scope } from './authorize.ts'

/** Which changes are offered. While Lading is read-only they still are: their dialogs say why they are refused. */
export function mayChange(actor: Actor, scope: Scope): { readonly retag: boolean; readonly delete: boolean } {
  const unlocked = { ...actor, readOnly: false }
  return { retag: allows(unlocked, 'create-tag', scope), delete: allows(unlocked, 'delete', scope) }
}

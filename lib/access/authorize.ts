import type { Grant, Role, SeparateRight } from '../config/grant.ts'
import { matchesGlob } from '../filter/glob.ts'
import { AccessError } from './access-error.ts'
import type { Actor } from './actor.ts'
import { isAnyRegistry, isAnyRepository, isUnlimited } from './grant-scope.ts'
import { RIGHTS, type Right, type Verb } from './rights.ts'
import type { Scope } from './scope.ts'

/** The one place that decides, READ_ONLY included. @throws AccessError `denied`, `sign-in`, `token-scope` or `read-only` */
export function authorize(actor: Actor, verb: Verb, scope: Scope): void {
  const refusal = refusalOf(actor, verb, scope)
  if (refusal) throw new AccessError(refusal, verb, scope)
}

/** For lists and for buttons: whether `authorize` would let it pass. */
export function allows(actor: Actor, verb: Verb, scope: Scope): boolean {
  return refusalOf(actor, verb, scope) === undefined
}

/** Whether it would let it pass if Lading were not read-only: for what a read-only page still explains. */
export function holdsRight(actor: Actor, verb: Verb, scope: Scope): boolean {
  return hasRight(actor, verb, scope)
}

/** The same as a condition. @throws AccessError `denied`, `sign-in` or `token-scope` */
export function assertHoldsRight(actor: Actor, verb: Verb, scope: Scope): void {
  if (!holdsRight(actor, verb, scope)) authorize(actor, verb, scope)
}

/** Whether the right holds in every repository of every registry, and so for what is about none of them. */
export function holdsEverywhere(actor: Actor, verb: Verb): boolean {
  const right: Right = RIGHTS[verb]
  if (isBeyondToken(actor, verb) || isBeyondAccount(actor, verb)) return false
  return (
    permits(actor.role, [], right) ||
    actor.grants.some((grant) => permits(grant.role, grant.allow, right) && isUnlimited(grant))
  )
}

/**
 * Whether the actor signed in with their own account of this registry. Its answers to that account are then all that
 * they may see of it: nothing that Lading learnt with other credentials.
 */
export function registryDecides(actor: Actor, registry: string | undefined): boolean {
  return actor.kind === 'user' && actor.account !== undefined && actor.account.registry === registry
}

/** The registry that pages about every registry leave out: see `registryDecides`. */
export function withheldRegistry(actor: Actor): string | undefined {
  return actor.kind === 'user' ? actor.account?.registry : undefined
}

/** For reads of what Lading has recorded of a registry. @throws AccessError `records` where the registry decides */
export function authorizeRecords(actor: Actor, scope: Scope): void {
  if (registryDecides(actor, scope.registry)) throw new AccessError('records', 'browse', scope)
}

/** Whether addresses, folders and settings of the server are shown: the one rule about them. Everyone else asks an admin. */
export function maySeeSetup(actor: Actor): boolean {
  return holdsRight(actor, 'manage', {})
}

/** Which changes to offer. Read-only pages offer them too: their dialogs say why nothing can be changed. */
export function mayChange(
  actor: Actor,
  scope: Scope,
): { readonly retag: boolean; readonly delete: boolean; readonly label: boolean } {
  return {
    retag: holdsRight(actor, 'create-tag', scope),
    delete: holdsRight(actor, 'delete', scope),
    label: holdsRight(actor, 'edit-labels', scope),
  }
}

/** Whether there may be a repository in the registry where `authorize` would let it pass: for what to offer, never to decide. */
export function allowsSomewhere(actor: Actor, verb: Verb, registry: string): boolean {
  const right: Right = RIGHTS[verb]
  if (isBeyondToken(actor, verb) || (right.changes && actor.readOnly)) return false
  if (registryDecides(actor, registry)) return right.byRegistry
  const granted = actor.grants.some(
    (grant) => permits(grant.role, grant.allow, right) && matchesGlob(grant.registry, registry),
  )
  return granted || permits(actor.role, [], right)
}

/**
 * Globs over the repository names of a registry for which `authorize` would let a read pass: for lists of what is
 * recorded of it, which would otherwise ask about each name. `['**']` is all of them.
 */
export function readableGlobs(actor: Actor, verb: ReadVerb, registry: string): readonly string[] {
  const right: Right = RIGHTS[verb]
  // What is recorded of the registry was learnt with other credentials.
  if (isBeyondToken(actor, verb) || registryDecides(actor, registry)) return []
  if (permits(actor.role, [], right)) return ['**']
  return actor.grants
    .filter((grant) => permits(grant.role, grant.allow, right) && matchesGlob(grant.registry, registry))
    .map((grant) => grant.repository)
}

type ReadVerb = { [V in Verb]: (typeof RIGHTS)[V]['changes'] extends false ? V : never }[Verb]

type Refusal = 'denied' | 'sign-in' | 'token-scope' | 'read-only'

function refusalOf(actor: Actor, verb: Verb, scope: Scope): Refusal | undefined {
  const right: Right = RIGHTS[verb]
  if (isBeyondToken(actor, verb)) return 'token-scope'
  if (!hasRight(actor, verb, scope)) return actor.kind === 'anonymous' ? 'sign-in' : 'denied'
  return right.changes && actor.readOnly ? 'read-only' : undefined
}

function hasRight(actor: Actor, verb: Verb, scope: Scope): boolean {
  const right: Right = RIGHTS[verb]
  if (isBeyondToken(actor, verb)) return false
  if (registryDecides(actor, scope.registry)) return right.byRegistry
  if (isBeyondAccount(actor, verb)) return false
  if (permits(actor.role, [], right)) return true
  return actor.grants.some((grant) => permits(grant.role, grant.allow, right) && covers(grant, scope, right.changes))
}

function isBeyondToken({ only }: Actor, verb: Verb): boolean {
  return only !== undefined && !only.includes(verb)
}

/** The audit log and the rules are about every registry, the account's own among them. */
function isBeyondAccount(actor: Actor, verb: Verb): boolean {
  return actor.kind === 'user' && actor.account !== undefined && (verb === 'audit' || verb === 'manage')
}

function permits(role: Role | 'none', allowed: readonly SeparateRight[], right: Right): boolean {
  if (role === 'none' || !right.roles.includes(role)) return false
  return role === 'admin' || right.separate === undefined || allowed.includes(right.separate)
}

/** An open scope is covered by any grant for reads, and only by an unlimited one for changes. */
function covers(grant: Grant, scope: Scope, changes: boolean): boolean {
  const { registry, repository } = scope
  const isRegistry = registry === undefined ? !changes || isAnyRegistry(grant) : matchesGlob(grant.registry, registry)
  const isRepository =
    repository === undefined ? !changes || isAnyRepository(grant) : matchesGlob(grant.repository, repository)
  return isRegistry && isRepository
}

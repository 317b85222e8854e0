import type { Actor } from '../../access/actor.ts'
import { allows } from '../../access/authorize.ts'
import { ProtectedError } from '../../access/protected-error.ts'
import type { Verb } from '../../access/rights.ts'
import type { Place } from '../../oci/place.ts'
import type { Tag } from '../../oci/reference.ts'
import { theStore } from '../../store/the-store.ts'
import type { ChangeTarget } from '../changes/change-target.ts'
import { compileProtection, type ProtectionRule } from './protection-rule.ts'

/** Every rule, by name. @throws StoreError */
export async function protectionRules(): Promise<ProtectionRule[]> {
  const store = await theStore()
  const rows = await store.read.selectFrom('protection_rule').selectAll().orderBy('name').limit(MOST_RULES).execute()
  return rows.map(({ id, name, query, created_by, created_at }) => ({
    id,
    name,
    query,
    createdBy: created_by,
    createdAt: new Date(created_at).toISOString(),
  }))
}

export const MOST_RULES = 500

/**
 * Which rule protects a tag of the repository: read once for any number of tags.
 * @throws StoreError, and then nothing may be changed
 */
export async function protectionOf(place: Place): Promise<(tag: Tag) => ProtectionRule | undefined> {
  return compileProtection(await protectionRules())(place)
}

/** Verbs that move or delete a tag. New tags may be created. */
const BOUND: readonly Verb[] = ['overwrite-tag', 'delete']

/**
 * Refuses changes to protected tags for everyone, unless an admin gives a reason.
 * @returns the rule that the reason overrides
 * @throws ProtectedError, StoreError
 */
export async function assertUnprotected(
  actor: Actor,
  verb: Verb,
  target: ChangeTarget,
): Promise<ProtectionRule | undefined> {
  const tags = [...(target.tag ? [target.tag] : []), ...(target.tags ?? [])]
  if (tags.length === 0 || !(BOUND.includes(verb) || target.replaces)) return undefined
  const protects = await protectionOf(target)
  for (const tag of tags) {
    const rule = protects(tag)
    if (!rule) continue
    const mayOverride = allows(actor, 'manage', target)
    if (!mayOverride || !target.reason) throw new ProtectedError(tag, rule.name, mayOverride)
    return rule
  }
  return undefined
}

import 'server-only'
import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import { type Actor, usernameOf } from '../../access/actor.ts'
import { assertHoldsRight, authorize } from '../../access/authorize.ts'
import { RegistryError } from '../../registry/errors.ts'
import { RecordError } from '../../store/record-error.ts'
import { theStore } from '../../store/the-store.ts'
import { auditedSetting } from '../audit/audited-setting.ts'
import { MOST_RULES, protectionRules } from './protection-of.ts'
import { type ProtectionRule, protectionMistakes } from './protection-rule.ts'

export const ruleInput = z.strictObject({
  name: z.string().trim().min(1, 'Give the rule a name.').max(80),
  query: z
    .string()
    .trim()
    .max(1_000)
    .superRefine((query, context) => {
      for (const message of protectionMistakes(query)) context.addIssue({ code: 'custom', message })
    }),
})

export const ruleId = z.uuid()

/** For the page of rules, which only admins can see. @throws AccessError, StoreError */
export async function listRules(actor: Actor): Promise<readonly ProtectionRule[]> {
  assertHoldsRight(actor, 'manage', {})
  return protectionRules()
}

/** @throws AccessError, StoreError, RecordError */
export async function addRule(actor: Actor, { name, query }: z.output<typeof ruleInput>): Promise<null> {
  const createdBy = usernameOf(actor) ?? 'anonymous'
  return auditedSetting(actor, { action: 'edit-protection', detail: { added: { name, query } } }, async () => {
    const rules = await protectionRules()
    if (rules.some((rule) => rule.name === name))
      throw new RecordError('name-taken', `there’s already a rule named ${name}`)
    if (rules.length >= MOST_RULES) throw new RecordError('too-many', `there are already ${MOST_RULES} rules`)
    const values = { id: randomUUID(), name, query, created_by: createdBy, created_at: Date.now() }
    await (await theStore()).write.insertInto('protection_rule').values(values).execute()
    return null
  })
}

/** @throws AccessError, StoreError, RegistryError `not-found` */
export async function removeRule(actor: Actor, id: string): Promise<null> {
  authorize(actor, 'manage', {})
  const rule = (await protectionRules()).find((each) => each.id === id)
  if (!rule) throw new RegistryError('not-found', 'this rule doesn’t exist')
  const removed = { name: rule.name, query: rule.query }
  return auditedSetting(actor, { action: 'edit-protection', detail: { removed } }, async () => {
    await (await theStore()).write.deleteFrom('protection_rule').where('id', '=', id).execute()
    return null
  })
}

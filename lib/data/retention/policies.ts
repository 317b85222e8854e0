import 'server-only'
import { randomUUID } from 'node:crypto'
import type { Selectable } from 'kysely'
import { type Actor, usernameOf } from '../../access/actor.ts'
import { authorize, holdsRight } from '../../access/authorize.ts'
import type { RetentionPolicy } from '../../catalog/retention/retention-policy.ts'
import { RegistryError } from '../../registry/errors.ts'
import { RecordError } from '../../store/record-error.ts'
import type { Tables } from '../../store/tables.ts'
import { theStore } from '../../store/the-store.ts'
import { auditedSetting } from '../audit/audited-setting.ts'
import { ownerOf } from '../jobs/job-owner.ts'
import type { PolicyInput } from './policy-input.ts'
import { nextRun, type Schedule } from './schedule.ts'

export type { RetentionRule } from '../../catalog/retention/retention-policy.ts'

const MOST_POLICIES = 500

export interface SavedPolicy extends RetentionPolicy {
  readonly id: string
  readonly name: string
  readonly mostShare: number
  readonly schedule: Schedule | null
  /** RFC 3339. */
  readonly nextRunAt?: string
  readonly savedBy?: string
  readonly savedAt: string
}

/** Whether to lead somebody to the policies: also while Lading is read-only. */
export function maySetPolicies(actor: Actor): boolean {
  return holdsRight(actor, 'manage', {})
}

/** Who may set policies sees them, also while Lading is read-only. @throws AccessError */
export function assertMaySeePolicies(actor: Actor): void {
  if (!maySetPolicies(actor)) authorize(actor, 'manage', {})
}

/** By name. @throws AccessError, StoreError */
export async function listPolicies(actor: Actor): Promise<readonly SavedPolicy[]> {
  assertMaySeePolicies(actor)
  const { read } = await theStore()
  const rows = await read.selectFrom('retention_policy').selectAll().orderBy('name').limit(MOST_POLICIES).execute()
  return rows.map(policyOf)
}

/** @throws AccessError, StoreError, RegistryError `not-found` */
export async function readPolicy(actor: Actor, id: string): Promise<SavedPolicy> {
  assertMaySeePolicies(actor)
  const found = await findPolicy(id)
  if (!found) throw new RegistryError('not-found', 'there is no such policy')
  return found
}

/** Of every policy, by id: for lists of what ran under them. @throws StoreError */
export async function policyNames(): Promise<ReadonlyMap<string, string>> {
  const { read } = await theStore()
  const rows = await read.selectFrom('retention_policy').select(['id', 'name']).execute()
  return new Map(rows.map(({ id, name }) => [id, name]))
}

export async function findPolicy(id: string): Promise<SavedPolicy | undefined> {
  const { read } = await theStore()
  const row = await read.selectFrom('retention_policy').selectAll().where('id', '=', id).executeTakeFirst()
  return row && policyOf(row)
}

/**
 * Adds a policy or changes one. From then on it runs with the rights of the user who saved it.
 * @returns its id
 * @throws AccessError, StoreError, RecordError; RegistryError `not-found`
 */
export async function savePolicy(actor: Actor, { id, editedAt, ...input }: PolicyInput): Promise<string> {
  const { name, scope, rules, mostShare, schedule } = input
  return auditedSetting(actor, { action: 'edit-retention', detail: { ...(id && { id }), saved: input } }, async () => {
    const { read, write } = await theStore()
    const others = await read.selectFrom('retention_policy').select(['id', 'name']).execute()
    if (others.some((other) => other.name === name && other.id !== id))
      throw new RecordError('name-taken', `there’s already a policy named ${name}`)
    if (id && !others.some((other) => other.id === id)) throw new RegistryError('not-found', 'there is no such policy')
    if (!id && others.length >= MOST_POLICIES)
      throw new RecordError('too-many', `there are already ${MOST_POLICIES} policies`)
    const now = Date.now()
    const row = {
      name,
      scope,
      rules: JSON.stringify(rules),
      most_share: mostShare,
      schedule: schedule && JSON.stringify(schedule),
      next_run_at: schedule && nextRun(schedule, now),
      owner: ownerOf(actor),
      saved_by: usernameOf(actor) ?? null,
      saved_at: now,
    }
    if (id) {
      const update = write.updateTable('retention_policy').set(row).where('id', '=', id)
      const { numUpdatedRows } = await update
        .$if(editedAt !== undefined, (query) => query.where('saved_at', '=', Date.parse(editedAt ?? '')))
        .executeTakeFirst()
      if (numUpdatedRows === 0n) throw new RecordError('changed', `${name} was saved by someone else meanwhile`)
    }
    const saved = id ?? randomUUID()
    if (!id)
      await write
        .insertInto('retention_policy')
        .values({ id: saved, ...row })
        .execute()
    return saved
  })
}

/** @throws AccessError, StoreError, RegistryError `not-found` */
export async function removePolicy(actor: Actor, id: string): Promise<null> {
  authorize(actor, 'manage', {})
  const { name, scope, rules } = await readPolicy(actor, id)
  return auditedSetting(actor, { action: 'edit-retention', detail: { removed: { name, scope, rules } } }, async () => {
    await (await theStore()).write.deleteFrom('retention_policy').where('id', '=', id).execute()
    return null
  })
}

/** Policies whose time has come; each is given out once, also where several processes ask. @throws StoreError */
export async function takeDuePolicies(
  now: number,
): Promise<readonly { readonly policy: SavedPolicy; readonly owner: string }[]> {
  const { read, write } = await theStore()
  const due = await read.selectFrom('retention_policy').selectAll().where('next_run_at', '<=', now).execute()
  const taken: { policy: SavedPolicy; owner: string }[] = []
  for (const row of due) {
    const policy = policyOf(row)
    const { numUpdatedRows } = await write
      .updateTable('retention_policy')
      .set({ next_run_at: policy.schedule && nextRun(policy.schedule, now) })
      .where('id', '=', row.id)
      .where('next_run_at', '=', row.next_run_at)
      .executeTakeFirst()
    if (numUpdatedRows > 0n) taken.push({ policy, owner: row.owner })
  }
  return taken
}

function policyOf(row: Selectable<Tables['retention_policy']>): SavedPolicy {
  return {
    id: row.id,
    name: row.name,
    scope: row.scope,
    rules: JSON.parse(row.rules),
    mostShare: row.most_share,
    schedule: row.schedule === null ? null : JSON.parse(row.schedule),
    savedAt: new Date(Number(row.saved_at)).toISOString(),
    ...(row.next_run_at !== null && { nextRunAt: new Date(Number(row.next_run_at)).toISOString() }),
    ...(row.saved_by !== null && { savedBy: row.saved_by }),
  }
}

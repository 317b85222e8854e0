import 'server-only'
import type { Actor } from '../../access/actor.ts'
import { config } from '../../config/config.ts'
import { assertMaySeePolicies, listPolicies, readPolicy, type SavedPolicy } from './policies.ts'
import { type RetentionRun, readRuns } from './runs.ts'

const SHOWN_RUNS = 10

export interface PolicyOverview {
  readonly policy: SavedPolicy
  readonly lastRun?: RetentionRun
}

/** Every policy with its last run. @throws AccessError, StoreError */
export async function listPolicyOverviews(actor: Actor): Promise<readonly PolicyOverview[]> {
  const policies = await listPolicies(actor)
  return Promise.all(
    policies.map(async (policy) => {
      const [lastRun] = await readRuns({ policy: policy.id }, 1)
      return { policy, ...(lastRun && { lastRun }) }
    }),
  )
}

export interface PolicyPage {
  /** Absent for a new one. */
  readonly policy?: SavedPolicy
  readonly runs: readonly RetentionRun[]
  readonly trashDays: number
}

/** @param id a policy, or `new` @throws AccessError, StoreError, RegistryError `not-found` */
export async function readPolicyPage(actor: Actor, id: string): Promise<PolicyPage> {
  const { trashDays } = config()
  assertMaySeePolicies(actor)
  if (id === 'new') return { runs: [], trashDays }
  const policy = await readPolicy(actor, id)
  return { policy, runs: await readRuns({ policy: id }, SHOWN_RUNS), trashDays }
}

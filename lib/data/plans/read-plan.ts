import 'server-only'
import { z } from 'zod'
import type { Actor } from '../../access/actor.ts'
import { allows } from '../../access/authorize.ts'
import { RegistryError } from '../../registry/errors.ts'
import { PLAN_SHOWS } from '../../routes/plan-page-query.ts'
import { maySeeJob, ownerName } from '../jobs/job-owner.ts'
import { openRepository } from '../registries/open.ts'
import type { Plan, PlanCounts, PlanItem } from './plan.ts'
import { countItems, findPlan, readCounts, readItems } from './plan-store.ts'

const PAGE_SIZE = 100

export const planId = z.string().max(100)

export const planPageInput = z.strictObject({
  id: planId,
  show: z.enum(PLAN_SHOWS),
  /** From 1. */
  page: z.int().min(1).max(1_000_000),
})

/** A plan and one page of its items, as a page shows them. */
export interface PlanPage {
  readonly plan: Omit<Plan, 'owner' | 'wanted'> & { readonly isStopping: boolean }
  /** Absent for anonymous people. */
  readonly by?: string
  readonly counts: PlanCounts
  readonly items: readonly Omit<PlanItem, 'undo'>[]
  readonly matching: number
  readonly page: number
  readonly size: number
  readonly may: { readonly run: boolean; readonly undo: boolean }
}

/** @throws RegistryError `not-found`, also for a plan that is somebody else's */
export async function readPlan(
  actor: Actor,
  { id, show, page: wanted }: z.output<typeof planPageInput>,
): Promise<PlanPage> {
  const found = await visiblePlan(actor, id)
  const [counts, matching] = await Promise.all([readCounts(id), countItems(id, show)])
  const page = Math.min(wanted, Math.max(1, Math.ceil(matching / PAGE_SIZE)))
  const items = await readItems(id, { filter: show, offset: (page - 1) * PAGE_SIZE, limit: PAGE_SIZE })
  const { owner, wanted: next, ...plan } = found
  const by = ownerName(owner)
  return {
    plan: { ...plan, isStopping: next !== 'run' && (plan.state === 'running' || plan.state === 'undoing') },
    ...(by && { by }),
    counts,
    items: items.map(({ undo: _, ...item }) => item),
    matching,
    page,
    size: PAGE_SIZE,
    may: { run: allows(actor, 'delete', plan), undo: allows(actor, 'restore', plan) },
  }
}

/**
 * A plan belongs to the person who made it, as long as they may see its repository; admins see all.
 * @throws RegistryError `not-found` for every other one
 */
export async function visiblePlan(actor: Actor, id: string): Promise<Plan> {
  const plan = await findPlan(id)
  if (!plan || !maySeeJob(actor, plan.owner)) throw new RegistryError('not-found', 'there is no such plan')
  openRepository(actor, 'browse', plan)
  return plan
}

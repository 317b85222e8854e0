import 'server-only'
import { z } from 'zod'
import type { Actor } from '../../access/actor.ts'
import { allows } from '../../access/authorize.ts'
import { nearestPage } from '../../format/page-of.ts'
import { deletes } from '../../format/plan-unit.ts'
import type { Problem } from '../../problem/problem.ts'
import { RegistryError } from '../../registry/errors.ts'
import { PLAN_SHOWS } from '../../routes/plan-page-query.ts'
import { auditScopeOf } from '../audit/audit-scope.ts'
import { knownRefusal } from '../changes/known-refusal.ts'
import { maySeeJob, ownerName } from '../jobs/job-owner.ts'
import { openForServer, openRepository } from '../registries/open.ts'
import { keptUntil } from '../trash/kept-until.ts'
import type { Plan, PlanCounts, PlanItem } from './plan.ts'
import { countItems, protectionReasons, readCounts, readItems, secondsPerItem } from './plan-items.ts'
import { jobsOfPlan } from './plan-jobs.ts'
import { findPlan } from './plan-store.ts'
import { type PlanWait, planWait } from './plan-wait.ts'

const PAGE_SIZE = 100

export const planId = z.string().max(100)

export const planPageInput = z.strictObject({
  id: planId,
  show: z.enum(PLAN_SHOWS),
  /** From 1. */
  page: z.int().min(1).max(1_000_000),
  /** Part of a tag's name or of a digest. */
  q: z.string().max(200).optional(),
})

/** A plan and one page of its items, as a page shows them. */
export interface PlanPage {
  readonly plan: Omit<Plan, 'owner' | 'wanted' | 'except'> & { readonly isStopping: boolean; readonly leftOut: number }
  /** Absent for anonymous people. */
  readonly by?: string
  readonly counts: PlanCounts
  readonly items: readonly Omit<PlanItem, 'undo'>[]
  readonly matching: number
  readonly page: number
  readonly size: number
  /** The kind of registry: it determines how space is freed. */
  readonly storage: 'http' | 'layout'
  /** Why it makes no progress, though it should. */
  readonly waits?: PlanWait
  /** Until a run ends, estimated from its recent speed. */
  readonly secondsLeft?: number
  /** The reasons of protected tags. */
  readonly protectedBy: readonly string[]
  /** Until when an undo is possible at most; RFC 3339. */
  readonly undoUntil?: string
  readonly may: { readonly run: boolean; readonly undo: boolean }
  /** What finds its changes in the audit log, for those who may read that. */
  readonly audit?: string
  /** Why the registry will probably refuse what the plan is still to delete. */
  readonly refusal?: Problem
}

/** @throws RegistryError `not-found`, also for a plan that is somebody else's */
export async function readPlan(
  actor: Actor,
  { id, show, page: wanted, q = '' }: z.output<typeof planPageInput>,
): Promise<PlanPage> {
  const found = await visiblePlan(actor, id)
  const text = q.trim()
  // What a run that has ended didn't try is left when its failures are retried.
  const isMoving = (found.state === 'running' && found.endedAt === undefined) || found.state === 'undoing'
  const isAhead = deletes(found.work) && ['draft', 'checking', 'paused'].includes(found.state)
  const [counts, matching, pace, waits, protectedBy, refusal, jobs] = await Promise.all([
    readCounts(id),
    countItems(id, show, text),
    isMoving ? secondsPerItem(id) : undefined,
    ['checking', 'running', 'undoing'].includes(found.state) ? planWait(actor, found) : undefined,
    protectionReasons(id),
    isAhead || isRefused(found) ? knownRefusal(actor, openRepository(actor, 'browse', found)) : undefined,
    auditScopeOf(actor) ? jobsOfPlan(id) : [],
  ])
  const left = found.state === 'undoing' ? counts.undoable.images : counts.waiting.images
  const page = nearestPage(wanted, matching, PAGE_SIZE)
  const range = { offset: (page - 1) * PAGE_SIZE, limit: PAGE_SIZE }
  const items = await readItems(id, { filter: show, text, range })
  const { owner, wanted: next, except = [], ...plan } = isRefused(found) ? withAdvice(found, refusal) : found
  const by = ownerName(owner)
  return {
    plan: {
      ...plan,
      leftOut: except.length,
      isStopping: next !== 'run' && (plan.state === 'running' || plan.state === 'undoing'),
    },
    ...(by && { by }),
    counts,
    items: items.map(({ undo: _, ...item }) => item),
    matching,
    page,
    size: PAGE_SIZE,
    ...(waits && { waits }),
    ...(pace !== undefined && { secondsLeft: Math.ceil(pace * left) }),
    protectedBy,
    ...(refusal && !plan.problem && { refusal }),
    ...(jobs.length > 0 && { audit: `repo:${found.repository} job:${jobs.join(',')}` }),
    storage: openForServer(found)?.registry.kind ?? 'http',
    ...(found.startedAt && found.work !== 'label' && { undoUntil: keptUntil(found.startedAt) }),
    may: { run: allows(actor, verbOf(plan), plan), undo: allows(actor, undoVerbOf(plan), plan) },
  }
}

function isRefused({ problem }: Plan): boolean {
  return problem?.code === 'registry.deletes-disabled'
}

/** A problem is stored for everybody: only some may read how to turn deletions on. */
function withAdvice(plan: Plan, refusal: Problem | undefined): Plan {
  const { problem } = plan
  return problem && refusal?.advice !== undefined ? { ...plan, problem: { ...problem, advice: refusal.advice } } : plan
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

/** The rights required to run the plan. Moving a tag requires that right too. */
export function verbOf({ work }: Pick<Plan, 'work'>): 'delete' | 'create-tag' | 'edit-labels' {
  return VERBS[work]
}

/** What one needs to undo it. */
export function undoVerbOf({ work }: Pick<Plan, 'work'>): 'restore' | 'edit-labels' {
  return work === 'label' ? 'edit-labels' : 'restore'
}

const VERBS = { delete: 'delete', retag: 'create-tag', label: 'edit-labels', untagged: 'delete' } as const

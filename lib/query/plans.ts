import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import {
  cancelRest,
  checkUndoBatch,
  dryRun,
  limitRate,
  lookUpPlan,
  pause,
  planDeletion,
  planLabel,
  planOnceMore,
  planRetag,
  planUntagged,
  resume,
  retryFailed,
  start,
  tick,
  undoBatch,
} from '../actions/plans.ts'
import type { PlanPage } from '../data/plans/read-plan.ts'
import { mutation } from './mutation.ts'
import { unwrap } from './unwrap.ts'

type PlanQuery = Parameters<typeof lookUpPlan>[0]

/** A plan, read again every second while it runs. */
export const planQuery = (query: PlanQuery, initialData?: PlanPage) =>
  queryOptions({
    queryKey: ['plan', query.id, query.show, query.page, query.q],
    queryFn: async () => unwrap(await lookUpPlan(query)),
    ...(initialData && { initialData }),
    placeholderData: keepPreviousData,
    refetchInterval: ({ state }) => (isMoving(state.data) ? 1_000 : false),
  })

function isMoving(page: PlanPage | undefined): boolean {
  return page?.plan.state === 'checking' || page?.plan.state === 'running' || page?.plan.state === 'undoing'
}

/** Whether a batch can be undone right now, asked of the registry each time its page opens. */
export const undoableQuery = (id: string) =>
  queryOptions({
    queryKey: ['plan-undo', id],
    queryFn: async () => unwrap(await checkUndoBatch(id)),
    staleTime: 0,
    gcTime: 0,
  })

export const planKey = (id: string) => ['plan', id]

export const planDeletionMutation = () => mutation(planDeletion)
export const planRetagMutation = () => mutation(planRetag)
export const planUntaggedMutation = () => mutation(planUntagged)
export const planLabelMutation = () => mutation(planLabel)
export const planAgainMutation = () => mutation(planOnceMore)
export const startPlanMutation = () => mutation(start)
export const resumePlanMutation = () => mutation(resume)
export const retryPlanMutation = () => mutation(retryFailed)
export const dryRunMutation = () => mutation(dryRun)
export const undoPlanMutation = () => mutation(undoBatch)
export const pausePlanMutation = () => mutation(pause)
export const cancelPlanMutation = () => mutation(cancelRest)
export const tickPlanMutation = () => mutation(tick)
export const limitPlanMutation = () => mutation(limitRate)

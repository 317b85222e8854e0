import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import {
  cancelRest,
  dryRun,
  limitRate,
  lookUpPlan,
  pause,
  planDeletion,
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
    queryKey: ['plan', query.id, query.show, query.page],
    queryFn: async () => unwrap(await lookUpPlan(query)),
    ...(initialData && { initialData }),
    placeholderData: keepPreviousData,
    refetchInterval: ({ state }) => (isMoving(state.data) ? 1_000 : false),
  })

function isMoving(page: PlanPage | undefined): boolean {
  return page?.plan.state === 'checking' || page?.plan.state === 'running' || page?.plan.state === 'undoing'
}

export const planKey = (id: string) => ['plan', id]

export const planDeletionMutation = () => mutation(planDeletion)
export const startPlanMutation = () => mutation(start)
export const resumePlanMutation = () => mutation(resume)
export const retryPlanMutation = () => mutation(retryFailed)
export const dryRunMutation = () => mutation(dryRun)
export const undoPlanMutation = () => mutation(undoBatch)
export const pausePlanMutation = () => mutation(pause)
export const cancelPlanMutation = () => mutation(cancelRest)
export const tickPlanMutation = () => mutation(tick)
export const limitPlanMutation = () => mutation(limitRate)

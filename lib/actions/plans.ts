'use server'

import type { z } from 'zod'
import { makePlan, planInput } from '@/lib/data/plans/make-plan'
import { type PlanPage, planId, planPageInput, readPlan } from '@/lib/data/plans/read-plan'
import {
  cancelPlan,
  checkPlan,
  limitPlan,
  pausePlan,
  rateInput,
  resumePlan,
  retryInput,
  retryPlan,
  startInput,
  startPlan,
  tickInput,
  tickPlan,
  undoPlan,
} from '@/lib/data/plans/steer-plan'
import type { Attempt } from '@/lib/problem/attempt'
import { act } from './act'

/** Works out what deleting the selected tags would do. @returns the plan's id */
export async function planDeletion(input: z.input<typeof planInput>): Promise<Attempt<string>> {
  return act(planInput, input, makePlan)
}

export async function lookUpPlan(input: z.input<typeof planPageInput>): Promise<Attempt<PlanPage>> {
  return act(planPageInput, input, readPlan)
}

export async function start(input: z.input<typeof startInput>): Promise<Attempt<void>> {
  return act(startInput, input, startPlan)
}

export async function resume(id: string): Promise<Attempt<void>> {
  return act(planId, id, resumePlan)
}

export async function retryFailed(input: z.input<typeof retryInput>): Promise<Attempt<void>> {
  return act(retryInput, input, retryPlan)
}

export async function dryRun(id: string): Promise<Attempt<void>> {
  return act(planId, id, checkPlan)
}

export async function undoBatch(id: string): Promise<Attempt<void>> {
  return act(planId, id, undoPlan)
}

export async function pause(id: string): Promise<Attempt<void>> {
  return act(planId, id, pausePlan)
}

export async function cancelRest(id: string): Promise<Attempt<void>> {
  return act(planId, id, cancelPlan)
}

export async function tick(input: z.input<typeof tickInput>): Promise<Attempt<void>> {
  return act(tickInput, input, tickPlan)
}

export async function limitRate(input: z.input<typeof rateInput>): Promise<Attempt<void>> {
  return act(rateInput, input, limitPlan)
}

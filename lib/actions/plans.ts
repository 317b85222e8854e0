'use server'

import type { z } from 'zod'
import { checkUndo, type Undoable } from '@/lib/data/plans/check-undo'
import { labelPlanInput, makeLabelPlan } from '@/lib/data/plans/make-label-plan'
import { makePlan, planAgain, planInput } from '@/lib/data/plans/make-plan'
import { makeRetagPlan, retagPlanInput } from '@/lib/data/plans/make-retag-plan'
import { makeUntaggedPlan, untaggedPlanInput } from '@/lib/data/plans/make-untagged-plan'
import { inPlanTurn } from '@/lib/data/plans/plan-turn'
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
  return act(planInput, input, inPlanTurn(makePlan))
}

export async function lookUpPlan(input: z.input<typeof planPageInput>): Promise<Attempt<PlanPage>> {
  return act(planPageInput, input, readPlan)
}

/** Works out which tags a rule would add and move. @returns the plan's id */
export async function planRetag(input: z.input<typeof retagPlanInput>): Promise<Attempt<string>> {
  return act(retagPlanInput, input, inPlanTurn(makeRetagPlan))
}

/** Works out which images a label would be added to. @returns the plan's id */
export async function planLabel(input: z.input<typeof labelPlanInput>): Promise<Attempt<string>> {
  return act(labelPlanInput, input, inPlanTurn(makeLabelPlan))
}

/** Works out what deleting the images without a tag would do. @returns the plan's id */
export async function planUntagged(input: z.input<typeof untaggedPlanInput>): Promise<Attempt<string>> {
  return act(untaggedPlanInput, input, inPlanTurn(makeUntaggedPlan))
}

/** Whether one undo would put everything back right now. */
export async function checkUndoBatch(id: string): Promise<Attempt<Undoable>> {
  return act(planId, id, checkUndo)
}

/** @returns the id of a new plan with the same selection */
export async function planOnceMore(id: string): Promise<Attempt<string>> {
  return act(planId, id, inPlanTurn(planAgain))
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

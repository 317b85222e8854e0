'use server'

import { z } from 'zod'
import { removePolicy, savePolicy } from '@/lib/data/retention/policies'
import { policyInput } from '@/lib/data/retention/policy-input'
import { runPolicy } from '@/lib/data/retention/run-policy'
import { type PolicySimulation, simulatePolicy, simulationInput } from '@/lib/data/retention/simulate-policy'
import type { Attempt } from '@/lib/problem/attempt'
import { act } from './act'

/** What a policy would keep and delete, by what the catalog knows. */
export async function simulateRetention(input: z.input<typeof simulationInput>): Promise<Attempt<PolicySimulation>> {
  return act(simulationInput, input, simulatePolicy)
}

/** @returns the policy's id */
export async function saveRetention(input: z.input<typeof policyInput>): Promise<Attempt<string>> {
  return act(policyInput, input, savePolicy)
}

export async function removeRetention(id: string): Promise<Attempt<null>> {
  return act(z.uuid(), id, removePolicy)
}

/** Runs a saved policy now. @returns the run's id */
export async function runRetention(id: string): Promise<Attempt<string>> {
  return act(z.uuid(), id, runPolicy)
}

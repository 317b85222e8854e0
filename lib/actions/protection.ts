'use server'

import type { z } from 'zod'
import { addRule, removeRule, ruleId, ruleInput } from '@/lib/data/protection/edit-protection'
import type { Attempt } from '@/lib/problem/attempt'
import { act } from './act'

export async function addProtection(input: z.input<typeof ruleInput>): Promise<Attempt<null>> {
  return act(ruleInput, input, addRule)
}

export async function removeProtection(id: string): Promise<Attempt<null>> {
  return act(ruleId, id, removeRule)
}

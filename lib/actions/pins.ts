'use server'

import type { z } from 'zod'
import { pinInput, pinRepository } from '@/lib/data/home/pins'
import type { Attempt } from '@/lib/problem/attempt'
import { act } from './act'

/** Pins a repository to the user's home page, or unpins it. */
export async function pin(input: z.input<typeof pinInput>): Promise<Attempt<{ readonly isFull: boolean }>> {
  return act(pinInput, input, pinRepository)
}

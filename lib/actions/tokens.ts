'use server'

import { revalidatePath } from 'next/cache'
import { z } from 'zod'
import { createToken, newTokenInput, revokeToken } from '@/lib/data/settings/tokens'
import type { Attempt } from '@/lib/problem/attempt'
import { act } from './act'

const PAGE = '/settings/tokens'

/** @returns the token itself, shown this once */
export async function makeToken(input: z.input<typeof newTokenInput>): Promise<Attempt<string>> {
  const made = await act(newTokenInput, input, createToken)
  if (made.ok) revalidatePath(PAGE)
  return made
}

const tokenId = z.uuid()

export async function endToken(id: string): Promise<Attempt<void>> {
  const ended = await act(tokenId, id, revokeToken)
  if (ended.ok) revalidatePath(PAGE)
  return ended
}

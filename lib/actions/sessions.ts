'use server'

import { revalidatePath } from 'next/cache'
import { z } from 'zod'
import { endOneSession, endOtherSessions, sessionId } from '@/lib/data/settings/sessions'
import type { Attempt } from '@/lib/problem/attempt'
import { act } from './act'

const PAGE = '/settings/sessions'

export async function endSessionOf(id: string): Promise<Attempt<null>> {
  const ended = await act(sessionId, id, endOneSession)
  if (ended.ok) revalidatePath(PAGE)
  return ended
}

/** Ends all of the user's own but this one. */
export async function endOthers(): Promise<Attempt<null>> {
  const ended = await act(z.undefined(), undefined, (actor) => endOtherSessions(actor))
  if (ended.ok) revalidatePath(PAGE)
  return ended
}

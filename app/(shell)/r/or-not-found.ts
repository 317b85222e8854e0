import { notFound } from 'next/navigation'
import type { Actor } from '@/lib/access/actor'
import { isAbsence } from '@/lib/problem/access-problem'
import { type Attempt, attempt } from '@/lib/problem/attempt'

/** What's absent and what's denied get the same not-found page; every other failure is shown in its place. */
export async function orNotFound<T>(work: Promise<T>, actor: Actor): Promise<Attempt<T>> {
  const result = await attempt(() => work, actor)
  if (!result.ok && isAbsence(result.problem)) notFound()
  return result
}

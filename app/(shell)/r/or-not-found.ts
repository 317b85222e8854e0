import { notFound } from 'next/navigation'
import { isAbsence } from '@/lib/problem/access-problem'
import { type Attempt, attempt } from '@/lib/problem/attempt'

/** What's absent and what's denied get the same not-found page; every other failure is shown in its place. */
export async function orNotFound<T>(work: Promise<T>): Promise<Attempt<T>> {
  const result = await attempt(() => work)
  if (!result.ok && isAbsence(result.problem)) notFound()
  return result
}

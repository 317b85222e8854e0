import { notFound } from 'next/navigation'
import { type Attempt, attempt } from '@/lib/problem/attempt'

/** What is absent or may not be seen is the not-found page, for both alike; every other failure is shown in its place. */
export async function orNotFound<T>(work: Promise<T>): Promise<Attempt<T>> {
  const result = await attempt(() => work)
  if (!result.ok && ['registry.not-found', 'access.denied', 'access.sign-in'].includes(result.problem.code)) notFound()
  return result
}

import { notFound } from 'next/navigation'
import { Suspense } from 'react'
import NotFound from '@/app/(shell)/not-found'
import { DECIDED_WITHIN, READ_WITHIN, settlesWithin } from '@/lib/data/deadline'
import { isAbsence } from '@/lib/problem/access-problem'
import { type Attempt, attempt } from '@/lib/problem/attempt'

interface TimelyProps<T> {
  reading: Promise<T>
  /** Fails as absent where the page is: decides its status sooner than all of it. */
  decision?: Promise<unknown>
  /** What the page shows while it is on its way. */
  fallback: React.ReactNode
  children: (read: Attempt<T>) => React.ReactNode
}

/**
 * What a page is about. Read in time, it decides about the page's status: what's absent and what's denied are the same
 * 404. What takes longer is streamed, and shows the not-found state in its place.
 */
export async function Timely<T>({ reading, decision = reading, fallback, children }: TimelyProps<T>) {
  const result = attempt(() => reading)
  const decided = attempt(() => decision)
  if (await settlesWithin(DECIDED_WITHIN, decided)) {
    const exists = await decided
    if (!exists.ok && isAbsence(exists.problem)) notFound()
  }
  if (await settlesWithin(READ_WITHIN, result)) {
    const read = await result
    if (!read.ok && isAbsence(read.problem)) notFound()
    return children(read)
  }
  return (
    <Suspense fallback={fallback}>
      <Late result={result}>{children}</Late>
    </Suspense>
  )
}

interface LateProps<T> {
  result: Promise<Attempt<T>>
  children: (read: Attempt<T>) => React.ReactNode
}

async function Late<T>({ result, children }: LateProps<T>) {
  const read = await result
  return !read.ok && isAbsence(read.problem) ? <NotFound /> : children(read)
}

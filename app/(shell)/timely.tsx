import { notFound } from 'next/navigation'
import NotFound from '@/app/(shell)/not-found'
import { DECIDED_WITHIN, READ_WITHIN, settlesWithin } from '@/lib/data/deadline'
import { isAbsence } from '@/lib/problem/access-problem'
import type { Attempt } from '@/lib/problem/attempt'
import { Streamed } from './streamed'

interface TimelyProps<T> {
  reading: Promise<Attempt<T>>
  /** Fails if the page's subject is absent: decides the status sooner than the whole page would. */
  decision?: Promise<Attempt<unknown>>
  /** Shown while it loads. */
  fallback: React.ReactNode
  children: (read: Attempt<T>) => React.ReactNode
}

/**
 * The subject of a page. Read in time, it decides the page's status: absent and denied are the same 404. If it takes
 * longer it's streamed, and shows the not-found state in place.
 */
export async function Timely<T>({ reading, decision = reading, fallback, children }: TimelyProps<T>) {
  if (await settlesWithin(DECIDED_WITHIN, decision)) {
    const exists = await decision
    if (!exists.ok && isAbsence(exists.problem)) notFound()
  }
  if (await settlesWithin(READ_WITHIN, reading)) {
    const read = await reading
    if (!read.ok && isAbsence(read.problem)) notFound()
    return children(read)
  }
  return (
    <Streamed reading={reading} fallback={fallback} within={0}>
      {(read) => (!read.ok && isAbsence(read.problem) ? <NotFound /> : children(read))}
    </Streamed>
  )
}

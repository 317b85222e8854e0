import { Suspense } from 'react'
import { READ_WITHIN, settlesWithin } from '@/lib/data/deadline'

interface StreamedProps<T> {
  /** Never rejects. */
  reading: Promise<T>
  /** Shown while it loads. */
  fallback: React.ReactNode
  /** Milliseconds for which the page waits, so that fast content is part of it. */
  within?: number
  children: (read: T) => React.ReactNode
}

/** Part of the page if read in time, streamed otherwise: a slow registry holds up nothing else. */
export async function Streamed<T>({ reading, fallback, within = READ_WITHIN, children }: StreamedProps<T>) {
  if (await settlesWithin(within, reading)) return children(await reading)
  return (
    <Suspense fallback={fallback}>
      <Late reading={reading}>{children}</Late>
    </Suspense>
  )
}

async function Late<T>({ reading, children }: Pick<StreamedProps<T>, 'reading' | 'children'>) {
  return children(await reading)
}

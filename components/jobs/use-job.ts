'use client'

import { useEffect, useState } from 'react'
import type { JobView } from '@/lib/data/jobs/jobs'
import { useQueryClient } from '@/lib/query/hooks'
import { unfinishedJobsQuery } from '@/lib/query/jobs'
import { jobEventsHref } from '@/lib/routes/href'

/** Follows a job until it ends. @param initial its state when the page was rendered */
export function useJob(initial: JobView): JobView {
  const [job, setJob] = useState(initial)
  const client = useQueryClient()
  const { id } = initial
  const isFinal = isFinalState(job.state)
  useEffect(() => {
    if (isFinal) return
    const events = new EventSource(jobEventsHref(id))
    events.addEventListener('progress', (event) => setJob(JSON.parse(event.data)))
    const end = () => {
      events.close()
      void client.invalidateQueries({ queryKey: unfinishedJobsQuery(0).queryKey })
    }
    events.addEventListener('end', end)
    events.addEventListener('problem', end)
    return () => events.close()
  }, [id, isFinal, client])
  return job
}

export function isFinalState(state: JobView['state']): boolean {
  return state === 'done' || state === 'failed' || state === 'cancelled'
}

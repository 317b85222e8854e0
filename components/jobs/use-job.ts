'use client'

import { useEffect, useState } from 'react'
import type { JobView } from '@/lib/data/jobs/jobs'
import { useQueryClient } from '@/lib/query/hooks'
import { unfinishedJobsQuery } from '@/lib/query/jobs'
import { jobEventsHref } from '@/lib/routes/href'
import { followEvents } from '../ui/follow-events'

/** Follows a job until it ends. @param initial its state when the page was rendered */
export function useJob(initial: JobView): JobView {
  const [job, setJob] = useState(initial)
  const client = useQueryClient()
  const { id } = initial
  const isFinal = isFinalState(job.state)
  useEffect(() => {
    if (isFinal) return
    const end = () => void client.invalidateQueries({ queryKey: unfinishedJobsQuery(0).queryKey })
    return followEvents(jobEventsHref(id), { progress: (job) => setJob(job as JobView), end, problem: end })
  }, [id, isFinal, client])
  return job
}

export function isFinalState(state: JobView['state']): boolean {
  return state === 'done' || state === 'failed' || state === 'cancelled'
}

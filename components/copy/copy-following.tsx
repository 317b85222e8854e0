'use client'

import { jobPlaceHref } from '@/components/jobs/job-place-href'
import { JobPlaces } from '@/components/jobs/job-places'
import { JobProgress } from '@/components/jobs/job-progress'
import { isFinalState, useJob } from '@/components/jobs/use-job'
import { Button, buttonStyles } from '@/components/ui/button'
import { DialogBody, DialogFooter } from '@/components/ui/dialog'
import { Link } from '@/components/ui/link'
import { ProblemNotice } from '@/components/ui/problem-notice'
import type { JobView } from '@/lib/data/jobs/jobs'
import { useMutation } from '@/lib/query/hooks'
import { cancelJobMutation } from '@/lib/query/jobs'
import { problemFrom } from '@/lib/query/unwrap'
import { jobsHref } from '@/lib/routes/href'

/** Follows a running copy until it ends or the person who started it leaves the page. */
export function CopyFollowing({ job: initial, onClose }: { job: JobView; onClose: () => void }) {
  const job = useJob(initial)
  const { destination } = job
  const cancel = useMutation(cancelJobMutation())
  return (
    <>
      <DialogBody>
        <p className="flex min-w-0 flex-wrap items-center gap-x-2 text-sm font-medium">
          <JobPlaces job={job} />
        </p>
        <JobProgress job={job} />
        {cancel.error && <ProblemNotice problem={problemFrom(cancel.error)} role="alert" />}
        {!isFinalState(job.state) && (
          <p className="text-sm text-muted">
            The copy continues if you close this or leave the page. Find it under{' '}
            <Link href={jobsHref} className="text-accent underline underline-offset-2">
              Jobs
            </Link>
            .
          </p>
        )}
      </DialogBody>
      <DialogFooter>
        {job.state === 'done' && destination && (
          <Link href={jobPlaceHref(destination)} className={buttonStyles({ variant: 'primary' })} onClick={onClose}>
            {destination.selector ? 'Open the copy' : 'Open the copies'}
          </Link>
        )}
        {!isFinalState(job.state) && (
          <Button disabled={cancel.isPending} onClick={() => cancel.mutate(job.id)}>
            Cancel copy
          </Button>
        )}
        <Button onClick={onClose}>Close</Button>
      </DialogFooter>
    </>
  )
}

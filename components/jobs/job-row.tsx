'use client'

import { RotateCw, X } from 'lucide-react'
import { useRouter } from 'next/navigation'
import { Button } from '@/components/ui/button'
import { Link } from '@/components/ui/link'
import { ProblemNotice } from '@/components/ui/problem-notice'
import { Time } from '@/components/ui/time'
import type { JobView } from '@/lib/data/jobs/jobs'
import { useMutation } from '@/lib/query/hooks'
import { cancelJobMutation, retryJobMutation } from '@/lib/query/jobs'
import { problemFrom } from '@/lib/query/unwrap'
import { auditHref } from '@/lib/routes/href'
import { JobPlaces } from './job-places'
import { JobProgress } from './job-progress'
import { isFinalState, useJob } from './use-job'

const KINDS: Readonly<Record<JobView['kind'], string>> = {
  copy: 'Copy',
  'copy-tags': 'Copy of tags',
  check: 'Check',
  settle: 'Recovery',
  sync: 'Sync',
  plan: 'Plan',
  retention: 'Retention',
}

const PLANS: Readonly<Record<NonNullable<JobView['plan']>['work'], string>> = {
  delete: 'Plan',
  check: 'Dry run of a plan',
  undo: 'Undo of a plan',
}

interface JobRowProps {
  job: JobView
  /** Whether the page says elsewhere why it would fail. */
  isExplained?: boolean
}

/** A job in the list, followed until it ends. */
export function JobRow({ job: initial, isExplained = false }: JobRowProps) {
  const job = useJob(initial)
  const router = useRouter()
  const cancel = useMutation(cancelJobMutation())
  const retry = useMutation({ ...retryJobMutation(), onSuccess: () => router.refresh() })
  const error = cancel.error ?? retry.error
  return (
    <li className="px-4 py-3">
      <div className="mb-2 flex min-h-7 flex-wrap items-center gap-x-3 gap-y-1">
        <h2 className="flex min-w-0 flex-1 basis-64 flex-wrap items-center gap-x-2 text-sm font-medium">
          <span className="text-muted">{job.plan ? PLANS[job.plan.work] : KINDS[job.kind]}</span>
          <JobPlaces job={job} />
        </h2>
        <p className="flex items-center gap-2 text-xs text-muted has-[button]:-mr-2.5">
          {job.owner && <span>{job.owner}</span>}
          {job.isAudited && (
            <Link href={auditHref(`job:${job.id}`)} className="underline-offset-2 hover:underline">
              Audit log
            </Link>
          )}
          <Time iso={job.ended ?? job.created} />
          {!isFinalState(job.state) ? (
            <Button size="sm" variant="ghost" disabled={cancel.isPending} onClick={() => cancel.mutate(job.id)}>
              <X aria-hidden />
              Cancel
            </Button>
          ) : (
            job.mayRepeat && (
              <Button size="sm" variant="ghost" disabled={retry.isPending} onClick={() => retry.mutate(job.id)}>
                <RotateCw aria-hidden />
                {job.state === 'done' ? 'Run again' : 'Retry'}
              </Button>
            )
          )}
        </p>
      </div>
      <JobProgress job={job} isExplained={isExplained} />
      {error && <ProblemNotice problem={problemFrom(error)} role="alert" className="mt-2" />}
    </li>
  )
}

'use client'

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { JobProgress } from '@/components/jobs/job-progress'
import { isFinalState, useJob } from '@/components/jobs/use-job'
import { Button, buttonStyles } from '@/components/ui/button'
import { Dialog, DialogBody, DialogFooter } from '@/components/ui/dialog'
import { Digest } from '@/components/ui/digest'
import { Link } from '@/components/ui/link'
import { ProblemNotice } from '@/components/ui/problem-notice'
import { Skeleton } from '@/components/ui/skeleton'
import type { JobView } from '@/lib/data/jobs'
import { copyMutation, copySourceQuery, unfinishedJobsQuery } from '@/lib/query/jobs'
import { problemFrom } from '@/lib/query/unwrap'
import { jobsHref, manifestHref } from '@/lib/routes/href'
import { CopyOptions } from './copy-options'
import { DestinationFields } from './destination-fields'
import { type Destination, useDestination } from './use-destination'

export interface CopySource {
  readonly registry: string
  readonly repository: string
  readonly selector: string
  /** What was shown; without it, what the selector points at when the dialog opens. */
  readonly digest?: string
}

/** Copies one image elsewhere. What the destination's tag is now is looked up while it is typed, and carried along. */
export function CopyDialog({
  source,
  initial,
  onClose,
}: {
  source: CopySource
  initial: Destination
  onClose: () => void
}) {
  const [job, setJob] = useState<JobView>()
  const name = `${source.repository}${source.selector.includes(':') ? '' : `:${source.selector}`}`
  return (
    <Dialog open onClose={onClose} title="Copy image" description={`${source.registry}/${name}`} width={600}>
      {job ? (
        <Following job={job} onClose={onClose} />
      ) : (
        <CopyForm source={source} initial={initial} onClose={onClose} onStarted={setJob} />
      )}
    </Dialog>
  )
}

function CopyForm({
  source,
  initial,
  onClose,
  onStarted,
}: {
  source: CopySource
  initial: Destination
  onClose: () => void
  onStarted: (job: JobView) => void
}) {
  const client = useQueryClient()
  const found = useQuery(copySourceQuery(source.registry, source.repository, source.digest ?? source.selector))
  const destination = useDestination(initial)
  const [platforms, setPlatforms] = useState<readonly string[]>([])
  const [referrers, setReferrers] = useState(false)
  const [confirmed, setConfirmed] = useState<string>()
  const copy = useMutation({
    ...copyMutation(),
    onSuccess: (job) => {
      void client.invalidateQueries({ queryKey: unfinishedJobsQuery(0).queryKey })
      onStarted(job)
    },
    // What the dialog showed is not so any more: look again before the next try.
    onError: () => void destination.lookAgain(),
  })
  const isPartial = platforms.length > 0 && platforms.length < (found.data?.platforms.length ?? 0)
  const { state } = destination
  const existing = state?.tag.exists ? state.tag.digest : undefined
  const isThere = existing !== undefined && existing === found.data?.digest && !isPartial
  // What is there already can still lack what is said about it.
  const isSame = isThere && !referrers
  const overwrites = existing !== undefined && !isThere
  // A confirmation is for the digest that was shown, and lapses when another one turns up.
  const isConfirmed = !overwrites || (state?.mayOverwrite === true && confirmed === existing)
  const ready = found.data !== undefined && state !== undefined && !isSame && isConfirmed && !copy.isPending
  const submit = (event: React.FormEvent) => {
    event.preventDefault()
    if (!ready || !found.data || !destination.valid) return
    const { registry, repository, selector } = source
    copy.mutate({
      source: { registry, repository, digest: found.data.digest, selector },
      destination: { ...destination.valid, expect: overwrites ? existing : null },
      platforms: isPartial ? platforms : null,
      referrers,
    })
  }
  return (
    <form onSubmit={submit}>
      <DialogBody>
        {found.error && <ProblemNotice problem={problemFrom(found.error)} />}
        <dl className="flex items-center gap-3 rounded-lg bg-sunken px-3 py-2 text-sm">
          <dt className="text-muted">Manifest</dt>
          <dd className="flex min-w-0 items-center gap-2">
            <span className="truncate font-medium">{source.repository}</span>
            {found.data ? <Digest digest={found.data.digest} swatch copy={false} /> : <Skeleton className="w-28" />}
          </dd>
        </dl>
        <DestinationFields
          destination={destination}
          isSame={isSame}
          overwrites={overwrites}
          confirmed={isConfirmed}
          onConfirm={(yes) => setConfirmed(yes ? existing : undefined)}
        />
        <CopyOptions
          available={found.data?.platforms ?? []}
          platforms={platforms}
          onPlatforms={setPlatforms}
          isPartial={isPartial}
          referrers={referrers}
          onReferrers={setReferrers}
        />
        {copy.error && <ProblemNotice problem={problemFrom(copy.error)} role="alert" />}
      </DialogBody>
      <DialogFooter>
        <Button onClick={onClose}>Cancel</Button>
        <Button type="submit" variant={overwrites ? 'danger' : 'primary'} disabled={!ready}>
          {copy.isPending ? 'Starting…' : overwrites ? 'Copy and overwrite' : 'Copy'}
        </Button>
      </DialogFooter>
    </form>
  )
}

function Following({ job: initial, onClose }: { job: JobView; onClose: () => void }) {
  const job = useJob(initial)
  const { destination } = job
  return (
    <>
      <DialogBody>
        <JobProgress job={job} />
        {!isFinalState(job.state) && (
          <p className="text-sm text-muted">
            It goes on when you close this or leave the page: it is listed under{' '}
            <Link href={jobsHref} className="text-accent underline underline-offset-2">
              Jobs
            </Link>
            .
          </p>
        )}
      </DialogBody>
      <DialogFooter>
        {job.state === 'done' && destination && (
          <Link
            href={manifestHref(destination.registry, destination.repository, destination.selector)}
            className={buttonStyles({ variant: 'primary' })}
            onClick={onClose}
          >
            Open the copy
          </Link>
        )}
        <Button onClick={onClose}>Close</Button>
      </DialogFooter>
    </>
  )
}

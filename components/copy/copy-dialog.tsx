'use client'

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { ManifestLine } from '@/components/change/manifest-line'
import { JobPlaces } from '@/components/jobs/job-places'
import { JobProgress } from '@/components/jobs/job-progress'
import { isFinalState, useJob } from '@/components/jobs/use-job'
import { Button, buttonStyles } from '@/components/ui/button'
import { Dialog, DialogBody, DialogFooter } from '@/components/ui/dialog'
import { Link } from '@/components/ui/link'
import { ProblemNotice } from '@/components/ui/problem-notice'
import type { JobView } from '@/lib/data/jobs/jobs'
import { cancelJobMutation, copyMutation, copySourceQuery, unfinishedJobsQuery } from '@/lib/query/jobs'
import { problemFrom } from '@/lib/query/unwrap'
import { jobsHref, manifestHref } from '@/lib/routes/href'
import { CopyOptions } from './copy-options'
import { DestinationFields } from './destination-fields'
import { type Proposal, useDestination } from './use-destination'

export interface CopySource {
  readonly registry: string
  readonly repository: string
  readonly selector: string
  /** The digest that was shown; without it, whatever the selector points at when the dialog opens. */
  readonly digest?: string
}

/** Copies one image elsewhere. The destination's tag is looked up while it's typed, and the copy carries what was found. */
export function CopyDialog({
  source,
  proposal,
  onBack,
  onClose,
}: {
  source: CopySource
  proposal: Proposal
  /** Back to choosing the source; absent where there was no such step. */
  onBack?: () => void
  onClose: () => void
}) {
  const [job, setJob] = useState<JobView>()
  return (
    <Dialog
      open
      onClose={onClose}
      title="Copy image"
      description="Copies the same bytes to another place. Content that’s already there isn’t sent again."
      width={600}
    >
      {job ? (
        <Following job={job} onClose={onClose} />
      ) : (
        <CopyForm
          source={source}
          proposal={proposal}
          leave={onBack ? { text: 'Back', go: onBack } : { text: 'Cancel', go: onClose }}
          onStarted={setJob}
        />
      )}
    </Dialog>
  )
}

function CopyForm({
  source,
  proposal,
  leave,
  onStarted,
}: {
  source: CopySource
  proposal: Proposal
  leave: { readonly text: string; readonly go: () => void }
  onStarted: (job: JobView) => void
}) {
  const client = useQueryClient()
  const found = useQuery(copySourceQuery(source.registry, source.repository, source.digest ?? source.selector))
  const destination = useDestination(proposal, source.registry)
  const [platforms, setPlatforms] = useState<readonly string[]>([])
  const [choice, setChoice] = useState<boolean>()
  const [confirmed, setConfirmed] = useState<string>()
  const copy = useMutation({
    ...copyMutation(),
    onSuccess: (job) => {
      void client.invalidateQueries({ queryKey: unfinishedJobsQuery(0).queryKey })
      onStarted(job)
    },
    // What the dialog showed is outdated: look again before the next attempt.
    onError: () => void destination.lookAgain(),
  })
  const counted = found.data?.referrers
  const total = counted ? Object.values(counted).reduce((sum, count) => sum + count, 0) : 0
  const referrers = choice ?? total > 0
  const isPartial = platforms.length > 0 && platforms.length < (found.data?.platforms.length ?? 0)
  const { state } = destination
  const existing = state?.exists ? state.digest : undefined
  const isThere = existing !== undefined && existing === found.data?.digest && !isPartial
  // An image that's already there may still lack its referrers.
  const isSame = isThere && !referrers
  const overwrites = existing !== undefined && !isThere
  // A confirmation covers the digest that was shown, and lapses when another one turns up.
  const isConfirmed = !overwrites || (state?.exists === true && state.mayOverwrite && confirmed === existing)
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
  const leaving = <Button onClick={leave.go}>{leave.text}</Button>
  if (found.error)
    return (
      <>
        <DialogBody>
          <ProblemNotice problem={problemFrom(found.error)} role="alert" />
        </DialogBody>
        <DialogFooter>{leaving}</DialogFooter>
      </>
    )
  return (
    <form onSubmit={submit}>
      <DialogBody>
        <ManifestLine {...source} digest={found.data?.digest} />
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
          counts={counted}
          referrers={referrers}
          onReferrers={setChoice}
        />
        {copy.error && <ProblemNotice problem={problemFrom(copy.error)} role="alert" />}
      </DialogBody>
      <DialogFooter>
        {leaving}
        <Button type="submit" variant={overwrites ? 'danger' : 'primary'} disabled={!ready}>
          {copy.isPending ? 'Starting…' : overwrites ? `Copy and overwrite ${destination.fields.tag}` : 'Copy image'}
        </Button>
      </DialogFooter>
    </form>
  )
}

function Following({ job: initial, onClose }: { job: JobView; onClose: () => void }) {
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
          <Link
            href={manifestHref(destination.registry, destination.repository, destination.selector ?? '')}
            className={buttonStyles({ variant: 'primary' })}
            onClick={onClose}
          >
            Open the copy
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

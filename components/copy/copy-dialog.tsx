'use client'

import { useState } from 'react'
import { ManifestLine } from '@/components/change/manifest-line'
import { OverrideField } from '@/components/change/override-field'
import { ProtectedNotice } from '@/components/change/protected-notice'
import type { ManifestPlace } from '@/components/manifest/manifest-place'
import { Button } from '@/components/ui/button'
import { Dialog, DialogBody, DialogFooter } from '@/components/ui/dialog'
import { ProblemNotice } from '@/components/ui/problem-notice'
import type { JobView } from '@/lib/data/jobs/jobs'
import { protectedProblem } from '@/lib/problem/protected-problem'
import { useMutation, useQuery, useQueryClient } from '@/lib/query/hooks'
import { copyMutation, copySourceQuery, unfinishedJobsQuery } from '@/lib/query/jobs'
import { problemFrom } from '@/lib/query/unwrap'
import { CopyFollowing } from './copy-following'
import { CopyOptions } from './copy-options'
import { DestinationFields } from './destination-fields'
import { type Proposal, useDestination } from './use-destination'

export interface CopiedManifest extends ManifestPlace {
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
  source: CopiedManifest
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
        <CopyFollowing job={job} onClose={onClose} />
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
  source: CopiedManifest
  proposal: Proposal
  leave: { readonly text: string; readonly go: () => void }
  onStarted: (job: JobView) => void
}) {
  const client = useQueryClient()
  const found = useQuery(copySourceQuery(source, source.digest ?? source.selector))
  const destination = useDestination(proposal, source.registry)
  const [platforms, setPlatforms] = useState<readonly string[]>([])
  const [choice, setChoice] = useState<boolean>()
  const [confirmed, setConfirmed] = useState<string>()
  const [reason, setReason] = useState('')
  const copy = useMutation({
    ...copyMutation(),
    onSuccess: (job) => {
      void client.invalidateQueries({ queryKey: unfinishedJobsQuery(0).queryKey })
      onStarted(job)
    },
    // What the dialog showed is outdated: look again before the next attempt.
    onError: () => void destination.recheck(),
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
  const protection =
    overwrites && state?.exists && state.protectedBy !== undefined
      ? { tag: destination.fields.tag, rule: state.protectedBy, mayOverride: state.mayOverride }
      : undefined
  const override = reason.trim() || undefined
  const isLocked = protection !== undefined && !(protection.mayOverride && override)
  const refusal = copy.error ? problemFrom(copy.error) : undefined
  const ready =
    !isLocked && found.data !== undefined && state !== undefined && !isSame && isConfirmed && !copy.isPending
  const submit = (event: React.FormEvent) => {
    event.preventDefault()
    if (!ready || !found.data || !destination.valid) return
    const { registry, repository, selector } = source
    copy.mutate({
      source: { registry, repository, digest: found.data.digest, selector },
      destination: { ...destination.valid, expect: overwrites ? existing : null },
      platforms: isPartial ? platforms : null,
      referrers,
      override,
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
        <ManifestLine place={source} selector={source.selector} digest={found.data?.digest} />
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
        {refusal && <ProblemNotice problem={refusal} role="alert" />}
        {protection && <ProtectedNotice protection={protection} />}
        <OverrideField
          problem={protection ? protectedProblem(protection) : refusal}
          reason={reason}
          onChange={setReason}
        />
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

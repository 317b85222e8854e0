'use client'

import { useState } from 'react'
import { Button } from '@/components/ui/button'
import { CheckOption } from '@/components/ui/check-option'
import { Dialog, DialogBody, DialogFooter } from '@/components/ui/dialog'
import { Notice } from '@/components/ui/notice'
import { ProblemNotice } from '@/components/ui/problem-notice'
import { useDebounced } from '@/components/ui/use-debounced'
import type { CopyTagsPreview } from '@/lib/data/jobs/copy-tags-preview'
import type { JobView } from '@/lib/data/jobs/jobs'
import { formatCount, plural } from '@/lib/format/bytes'
import type { Place } from '@/lib/oci/place'
import { isRepositoryName } from '@/lib/oci/reference'
import { useMutation, useQuery, useQueryClient } from '@/lib/query/hooks'
import { copyTagsMutation, copyTagsPreviewQuery, copyTargetsQuery, unfinishedJobsQuery } from '@/lib/query/jobs'
import { problemFrom } from '@/lib/query/unwrap'
import { CopyFollowing } from './copy-following'
import { PlaceFields } from './place-fields'

interface CopyTagsDialogProps extends Pick<Parameters<typeof copyTagsPreviewQuery>[0], 'select'> {
  place: Place
  /** As known before any look-up. */
  count: number
  onClose: () => void
}

/** Copies several tags, or all of a repository, as one job. */
export function CopyTagsDialog(props: CopyTagsDialogProps) {
  const [job, setJob] = useState<JobView>()
  const { place, count, onClose } = props
  return (
    <Dialog
      open
      onClose={onClose}
      title={`Copy ${plural(count, 'tag')}`}
      description={`From ${place.registry}/${place.repository}. Each tag is copied as it is when its turn comes.`}
      width={600}
    >
      {job ? <CopyFollowing job={job} onClose={onClose} /> : <CopyTagsForm {...props} onStarted={setJob} />}
    </Dialog>
  )
}

function CopyTagsForm({
  place: source,
  select,
  count,
  onClose,
  onStarted,
}: CopyTagsDialogProps & { onStarted: (job: JobView) => void }) {
  const client = useQueryClient()
  const targets = useQuery(copyTargetsQuery()).data ?? []
  const [chosen, setChosen] = useState<{ readonly registry?: string; readonly repository?: string }>({})
  const [referrers, setReferrers] = useState(true)
  const [overwrite, setOverwrite] = useState(false)
  const { registry, repository } = source
  const to = { registry: targets.find((name) => name !== registry) ?? targets[0] ?? '', repository, ...chosen }
  const settled = useDebounced(JSON.stringify(to), 250)
  const isSame = to.registry === registry && to.repository === repository
  const isValid = settled === JSON.stringify(to) && to.registry !== '' && isRepositoryName(to.repository) && !isSame
  const preview = useQuery({
    ...copyTagsPreviewQuery({ source, destination: to, select }),
    enabled: isValid,
  })
  const found = isValid && !preview.isFetching ? preview.data : undefined
  const copy = useMutation({
    ...copyTagsMutation(),
    onSuccess: (job) => {
      void client.invalidateQueries({ queryKey: unfinishedJobsQuery(0).queryKey })
      onStarted(job)
    },
  })
  const overwrites = overwrite && found !== undefined && found.existing > 0 && found.mayOverwrite
  const submit = (event: React.FormEvent) => {
    event.preventDefault()
    if (found && found.tags > 0 && !copy.isPending)
      copy.mutate({ source, destination: to, select, existing: overwrites ? 'overwrite' : 'keep', referrers })
  }
  return (
    <form onSubmit={submit}>
      <DialogBody>
        <fieldset className="space-y-3">
          <legend className="sr-only">Destination</legend>
          <PlaceFields
            {...to}
            registries={targets}
            badRepository={to.repository !== '' && !isRepositoryName(to.repository)}
            onChange={(change) => setChosen((before) => ({ ...before, ...change }))}
            focus
          />
          <p role="status" className="min-h-5 text-xs text-muted">
            {isSame
              ? 'These tags are already in this repository. Choose another one.'
              : isValid && (found ? foundText(found) : !preview.error && 'Checking which tags exist there…')}
          </p>
        </fieldset>
        {found && found.unjudged > 0 && (
          <p className="text-xs text-warn">
            The query can’t judge {plural(found.unjudged, 'tag')}, so{' '}
            {found.unjudged === 1 ? 'it isn’t' : 'they aren’t'} copied: not all details have been read.
          </p>
        )}
        {found && found.existing > 0 && (
          <Notice
            tone="warn"
            title={`${plural(found.existing, 'tag')} ${found.existing === 1 ? 'exists' : 'exist'} there: ${named(found)}`}
          >
            Tags that already point at the same image are left as they are.
            {found.mayOverwrite ? (
              <div className="mt-2">
                <CheckOption checked={overwrite} onChange={setOverwrite} danger>
                  Overwrite tags that point at another image: anyone who pulls them there will get the copied one.
                </CheckOption>
              </div>
            ) : (
              ' The others are kept too: you can add tags there, but you can’t move existing ones.'
            )}
          </Notice>
        )}
        <CheckOption
          checked={referrers}
          onChange={setReferrers}
          detail="Signatures, attestations and SBOMs of these images, if any."
        >
          Copy referrers too
        </CheckOption>
        {isValid && preview.error && <ProblemNotice problem={problemFrom(preview.error)} />}
        {copy.error && <ProblemNotice problem={problemFrom(copy.error)} role="alert" />}
      </DialogBody>
      <DialogFooter>
        <Button onClick={onClose}>Cancel</Button>
        <Button
          type="submit"
          variant={overwrites ? 'danger' : 'primary'}
          disabled={!found || found.tags === 0 || copy.isPending}
        >
          {copy.isPending ? 'Starting…' : `Copy ${plural(found?.tags ?? count, 'tag')}`}
        </Button>
      </DialogFooter>
    </form>
  )
}

function foundText({ tags, existing, isLowerBound }: CopyTagsPreview): string {
  if (existing > 0) return ''
  const none = tags === 1 ? 'It doesn’t exist there yet.' : `None of the ${formatCount(tags)} tags exist there yet.`
  return isLowerBound ? 'Not all tags there could be listed. Those that exist are kept.' : none
}

function named({ names, existing }: CopyTagsPreview): string {
  const more = existing - names.length
  return more > 0 ? `${names.join(', ')} and ${formatCount(more)} more` : names.join(', ')
}

'use client'

import { CircleCheck } from 'lucide-react'
import { JobProgress } from '@/components/jobs/job-progress'
import { useJob } from '@/components/jobs/use-job'
import { Badge } from '@/components/ui/badge'
import { Button } from '@/components/ui/button'
import { Dialog, DialogBody, DialogFooter } from '@/components/ui/dialog'
import { Digest } from '@/components/ui/digest'
import { Notice } from '@/components/ui/notice'
import { ProblemNotice } from '@/components/ui/problem-notice'
import type { CompletenessView, ContentView } from '@/lib/data/jobs/check-image'
import type { JobView } from '@/lib/data/jobs/jobs'
import { formatCount, plural } from '@/lib/format/bytes'
import { useMutation, useQuery, useQueryClient } from '@/lib/query/hooks'
import { completenessQuery, hashMutation, unfinishedJobsQuery } from '@/lib/query/jobs'
import { problemFrom } from '@/lib/query/unwrap'
import type { CheckTarget } from './check-target'

/** Lists what's missing, and where the documents name it. Hashing all content is a job. */
export function CheckDialog({ target, onClose }: { target: CheckTarget; onClose: () => void }) {
  const { registry, repository, selector, digest } = target
  const client = useQueryClient()
  const check = useQuery(completenessQuery(target, digest))
  const hash = useMutation({
    ...hashMutation(),
    onSuccess: () => client.invalidateQueries({ queryKey: unfinishedJobsQuery(0).queryKey }),
  })
  return (
    <Dialog
      open
      onClose={onClose}
      title="Check image"
      description="Checks that every manifest, config and layer this image needs is there."
      width={620}
    >
      <DialogBody>
        {check.isPending && (
          <p role="status" className="text-sm text-muted">
            Checking everything this image needs…
          </p>
        )}
        {check.error && <ProblemNotice problem={problemFrom(check.error)} />}
        {check.data && hash.data && <Hashing job={hash.data} report={check.data} />}
        {check.data && !hash.data && <Verdict report={check.data} />}
        {!hash.data && (
          <p className="text-xs text-muted">
            This compares sizes only. To verify every byte, hash all content: the job continues if you leave the page.
          </p>
        )}
        {hash.error && <ProblemNotice problem={problemFrom(hash.error)} role="alert" />}
      </DialogBody>
      <DialogFooter>
        {!hash.data && (
          <Button disabled={hash.isPending} onClick={() => hash.mutate({ registry, repository, selector, digest })}>
            Hash all content
          </Button>
        )}
        <Button variant="primary" onClick={onClose}>
          Close
        </Button>
      </DialogFooter>
    </Dialog>
  )
}

/** Hashing finds more than sizes reveal, so a verdict based on sizes alone isn't shown beside it. */
function Hashing({ job: initial, report }: { job: JobView; report: CompletenessView }) {
  const job = useJob(initial)
  const isWrong =
    job.state === 'failed' || job.items.some(({ outcome }) => outcome === 'missing' || outcome === 'corrupt')
  return (
    <>
      {report.complete && isWrong ? (
        <Notice tone="danger" role="alert" title="Not verified">
          Everything is there with the right size, but not all content could be read and hashed.
        </Notice>
      ) : (
        <Verdict report={report} />
      )}
      <JobProgress job={job} />
    </>
  )
}

function Verdict({ report }: { report: CompletenessView }) {
  const { complete, checked, missing, corrupt, elsewhere } = report
  return (
    <div role="status" className="space-y-3 text-sm">
      {complete ? (
        <p className="flex items-center gap-2 font-medium">
          <CircleCheck aria-hidden className="size-5 text-good" />
          Complete: {checked === 1 ? 'the only item is' : `all ${formatCount(checked)} items are`} there with the right
          size.
        </p>
      ) : (
        <Notice tone="danger" title={summaryOf(report)}>
          {plural(checked, 'item')} checked. Pulling this image will fail.
        </Notice>
      )}
      <Contents title="Missing" tone="danger" contents={missing} />
      <Contents title="Corrupt" tone="danger" contents={corrupt} />
      <Contents title="Stored elsewhere" tone="neutral" contents={elsewhere} />
    </div>
  )
}

function summaryOf({ missing, corrupt }: CompletenessView): string {
  const parts = [missing.length > 0 && `${missing.length} missing`, corrupt.length > 0 && `${corrupt.length} corrupt`]
  return `Incomplete: ${parts.filter(Boolean).join(', ')}`
}

function Contents({
  title,
  tone,
  contents,
}: {
  title: string
  tone: 'danger' | 'neutral'
  contents: readonly ContentView[]
}) {
  if (contents.length === 0) return null
  return (
    <ul aria-label={title} className="max-h-72 divide-y overflow-y-auto rounded-lg border">
      {contents.map(({ path, digest, mediaType, reason }) => (
        <li key={`${path} ${digest}`} className="flex flex-wrap items-center gap-x-3 gap-y-1 px-3 py-1.5">
          <Badge tone={tone}>{title}</Badge>
          <code className="mono">{path || 'this manifest'}</code>
          <Digest digest={digest} swatch />
          <span className="w-full truncate text-xs text-muted">{reason ?? mediaType}</span>
        </li>
      ))}
    </ul>
  )
}

import { CircleCheck } from 'lucide-react'
import { Notice } from '@/components/ui/notice'
import { SafeText } from '@/components/ui/safe-text'
import type { DeletionResult } from '@/lib/data/changes/deletion-result'
import { BlobOutcomes } from './blob-outcomes'
import type { Scope } from './block-reason'

/** What happened, and what was found when it was looked at afterwards. */
export function DeletionOutcome({
  result,
  scope,
  selector,
}: {
  result: DeletionResult
  scope: Scope
  selector: string
}) {
  const what = scope === 'tag' ? selector : 'The image'
  return (
    <div role="status" className="space-y-3 text-sm">
      {result.outcome === 'restored' && (
        <Notice tone="warn" title={`${what} was put back`}>
          The registry refused half-way: {result.reason} The tag points at the same image as before.
        </Notice>
      )}
      {result.outcome === 'unsupported' && (
        <Notice tone="warn" title="Nothing was deleted">
          {result.reason}
        </Notice>
      )}
      {result.further && (
        <p>
          One way is left: the tag is moved to an empty image for a moment, and that is deleted. Whoever pulls{' '}
          <SafeText text={selector} className="mono" /> in that moment gets an image that does not run. The image itself
          and its other tags are not touched.
        </p>
      )}
      {result.verified && (result.outcome === 'deleted' || result.outcome === 'replaced-then-deleted') && (
        <p className="flex items-center gap-2 font-medium">
          <CircleCheck aria-hidden className="size-5 text-good" />
          {what} is deleted.
        </p>
      )}
      {result.verified ? (
        <p className="text-muted">
          Looked at afterwards:{' '}
          {scope === 'tag' ? 'the image and its other tags are as they were.' : 'it is gone, and nothing else.'}
        </p>
      ) : (
        <Notice tone="danger" title="Not all is as it should be">
          <ul className="list-disc pl-4">
            {result.problems.map((problem) => (
              <li key={problem}>{problem}</li>
            ))}
          </ul>
        </Notice>
      )}
      {result.blobs && <BlobOutcomes blobs={result.blobs} />}
      {result.undo && (
        <p className="text-muted">
          Undo puts back the same bytes under the same {scope === 'tag' ? 'tag' : 'digest and tags'}. It is offered only
          here, and works until garbage collection has taken the layers and as long as nobody uses{' '}
          {scope === 'tag' ? 'the tag' : 'a tag'} for something else.
        </p>
      )}
      {result.blobs && !result.undo && <p className="text-muted">With its layers gone, this cannot be undone.</p>}
    </div>
  )
}

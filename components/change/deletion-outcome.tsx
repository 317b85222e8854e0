import { CircleCheck } from 'lucide-react'
import { Notice } from '@/components/ui/notice'
import { SafeText } from '@/components/ui/safe-text'
import type { DeletionResult } from '@/lib/data/changes/deletion-result'
import { listedTags } from '@/lib/format/listed-tags'
import type { DeletionScope } from '@/lib/problem/change-problem'
import { BlobOutcomes } from './blob-outcomes'

/** What happened, and what verification found afterwards. */
export function DeletionOutcome({
  result,
  scope,
  selector,
}: {
  result: DeletionResult
  scope: DeletionScope
  selector: string
}) {
  const what = scope === 'tag' ? selector : 'The image'
  return (
    <div role="status" className="space-y-3 text-sm">
      {result.outcome === 'restored' && (
        <Notice tone="warn" title={`${what} was restored`}>
          The registry refused partway: {result.reason} The tag points at the same image as before.
        </Notice>
      )}
      {result.outcome === 'unsupported' && (
        <Notice tone="warn" title="Nothing was deleted">
          {result.reason}
        </Notice>
      )}
      {result.further && (
        <p>
          There is one more way: move the tag to a placeholder image, then delete the placeholder. Anyone who pulls{' '}
          <SafeText text={selector} className="mono" /> in between gets an image that doesn’t run. The image itself and
          its other tags aren’t touched.
        </p>
      )}
      {result.verified && (result.outcome === 'deleted' || result.outcome === 'replaced-then-deleted') && (
        <p className="flex items-center gap-2 font-medium">
          <CircleCheck aria-hidden className="size-5 text-good" />
          {scope === 'tag' ? `Tag ${selector} deleted.` : 'Image deleted.'}
        </p>
      )}
      {result.putBack && (
        <Notice tone="warn" title="This registry deleted other tags too">
          Deleting <SafeText text={selector} className="mono" /> also removed{' '}
          <SafeText text={listedTags(result.putBack)} className="mono" />. Lading put{' '}
          {result.putBack.length === 1 ? 'it' : 'them'} back at once, on the same image.
        </Notice>
      )}
      {result.verified ? (
        <p className="text-muted">
          {scope === 'tag'
            ? 'Verified: the image and its other tags are unchanged.'
            : 'Verified: only this image was deleted.'}
        </p>
      ) : (
        <Notice tone="danger" title="Verification found problems">
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
          Undo restores the same bytes under the same {scope === 'tag' ? 'tag' : 'digest and tags'}. It works until the
          registry collects garbage{scope === 'tag' && ' or someone reuses the tag'}. The trash offers it too.
        </p>
      )}
      {result.blobs && !result.undo && (
        <p className="text-muted">The layers are deleted too, so this can’t be undone.</p>
      )}
    </div>
  )
}

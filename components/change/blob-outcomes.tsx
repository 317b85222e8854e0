import { Badge } from '@/components/ui/badge'
import { Bytes } from '@/components/ui/bytes'
import { Digest } from '@/components/ui/digest'
import { SafeText } from '@/components/ui/safe-text'
import type { BlobDeletionView } from '@/lib/data/changes/deletion-result'
import { shortDigest } from '@/lib/format/digest'

/** What happened to the config and each layer of a deleted image. */
export function BlobOutcomes({ blobs }: { blobs: readonly BlobDeletionView[] }) {
  return (
    <ul aria-label="Layers" className="max-h-56 divide-y overflow-y-auto rounded-lg border">
      {blobs.map((blob) => (
        <li key={blob.digest} className="flex flex-wrap items-center gap-x-3 gap-y-1 px-3 py-1.5">
          <Badge tone={TONES[blob.outcome]}>{blob.outcome}</Badge>
          <Digest digest={blob.digest} copy={false} />
          <Bytes bytes={blob.size} />
          {blob.outcome !== 'deleted' && (
            <span className="text-xs text-muted">
              <SafeText text={reasonOf(blob)} />
            </span>
          )}
        </li>
      ))}
    </ul>
  )
}

const TONES = { deleted: 'good', kept: 'neutral', refused: 'danger' } as const

function reasonOf(blob: Exclude<BlobDeletionView, { outcome: 'deleted' }>): string {
  if (blob.outcome === 'refused') return blob.reason
  return `needed by ${blob.neededBy ? shortDigest(blob.neededBy) : 'an image of another repository'}`
}

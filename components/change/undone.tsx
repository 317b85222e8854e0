import { Undo2 } from 'lucide-react'
import { Digest } from '@/components/ui/digest'
import { SafeText } from '@/components/ui/safe-text'
import type { UndoneChange } from '@/lib/data/changes/undo'
import { listedTags } from '@/lib/format/listed-tags'

/** A deletion that was undone. */
export function Undone({ undone: { digest, tags } }: { undone: UndoneChange }) {
  return (
    <div role="status" className="space-y-3 text-sm">
      <p className="flex items-center gap-2 font-medium">
        <Undo2 aria-hidden className="size-5 shrink-0 text-good" />
        <span className="min-w-0 break-words">
          {tags.length === 0 ? (
            'The image is restored.'
          ) : (
            <SafeText text={`${listedTags(tags)} ${tags.length === 1 ? 'is' : 'are'} restored.`} />
          )}
        </span>
      </p>
      <p className="flex flex-wrap items-center gap-x-2 text-muted">
        Same bytes, same digest: <Digest digest={digest} swatch copy={false} />
      </p>
    </div>
  )
}

import { Undo2 } from 'lucide-react'
import { Digest } from '@/components/ui/digest'
import { SafeText } from '@/components/ui/safe-text'
import type { UndoneChange } from '@/lib/data/changes/undo'

/** A deletion that was undone. */
export function Undone({ undone: { digest, tags } }: { undone: UndoneChange }) {
  return (
    <div role="status" className="space-y-3 text-sm">
      <p className="flex items-center gap-2 font-medium">
        <Undo2 aria-hidden className="size-5 shrink-0 text-good" />
        <span className="min-w-0 break-words">
          {tags.length === 0 ? 'The image is restored.' : <SafeText text={`${listed(tags)} restored.`} />}
        </span>
      </p>
      <p className="flex flex-wrap items-center gap-x-2 text-muted">
        Same bytes, same digest: <Digest digest={digest} swatch copy={false} />
      </p>
    </div>
  )
}

const NAMED = 12

function listed(tags: readonly string[]): string {
  if (tags.length === 1) return `${tags[0]} is`
  if (tags.length > NAMED) return `${tags.slice(0, NAMED).join(', ')} and ${tags.length - NAMED} more tags are`
  return `${tags.slice(0, -1).join(', ')} and ${tags.at(-1)} are`
}

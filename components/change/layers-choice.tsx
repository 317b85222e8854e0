import type { DeletionPreviewView } from '@/lib/data/change-tags'
import { formatBytes } from '@/lib/format/bytes'

interface LayersChoiceProps {
  blobs: NonNullable<DeletionPreviewView['unneededBlobs']>
  checked: boolean
  onChange: (checked: boolean) => void
}

/** Only where every manifest is known, so that it is sure what nothing else needs. */
export function LayersChoice({ blobs, checked, onChange }: LayersChoiceProps) {
  return (
    <label className="flex items-start gap-2 text-sm">
      <input
        type="checkbox"
        checked={checked}
        onChange={(event) => onChange(event.target.checked)}
        className="mt-0.5 size-4 accent-(--danger)"
      />
      <span>
        Also delete its layers that nothing else needs, {formatBytes(blobs.bytes)}
        <span className="block text-xs text-muted">
          Frees the space at once. The deletion cannot be undone then: without it, the layers stay and it can.
        </span>
      </span>
    </label>
  )
}

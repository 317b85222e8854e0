import { CheckOption } from '@/components/ui/check-option'
import type { DeletionPreviewView } from '@/lib/data/changes/preview-deletion'
import { formatBytes } from '@/lib/format/bytes'

interface LayersChoiceProps {
  blobs: NonNullable<DeletionPreviewView['unneededBlobs']>
  checked: boolean
  onChange: (checked: boolean) => void
}

/** Only where every manifest is known, so that it is sure what nothing else needs. */
export function LayersChoice({ blobs, checked, onChange }: LayersChoiceProps) {
  return (
    <CheckOption
      checked={checked}
      onChange={onChange}
      danger
      detail="Frees the space at once. The deletion cannot be undone then: without it, the layers stay and it can."
    >
      Also delete its layers that nothing else needs, {formatBytes(blobs.bytes)}
    </CheckOption>
  )
}

import { CheckOption } from '@/components/ui/check-option'
import type { DeletionPreviewView } from '@/lib/data/changes/preview-deletion'
import { formatBytes } from '@/lib/format/bytes'

interface LayersChoiceProps {
  blobs: NonNullable<DeletionPreviewView['unneededBlobs']>
  checked: boolean
  onChange: (checked: boolean) => void
}

/** Only offered where every manifest is known, so that it’s certain what nothing else needs. */
export function LayersChoice({ blobs, checked, onChange }: LayersChoiceProps) {
  return (
    <CheckOption
      checked={checked}
      onChange={onChange}
      danger
      detail="Frees the space immediately, but then the deletion can’t be undone."
    >
      Also delete {formatBytes(blobs.bytes)} of layers that nothing else needs
    </CheckOption>
  )
}

import type { ChangeTarget } from '@/components/change/change-target'

export interface TagMenuProps {
  target: ChangeTarget
  /** Commands that pull it, if any. */
  pull: { readonly byTag?: string | undefined; readonly byDigest?: string | undefined }
}

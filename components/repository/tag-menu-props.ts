import type { ChangeTarget } from '@/components/change/change-target'

export interface TagMenuProps {
  target: ChangeTarget
  /** Commands that pull it, where there are any. */
  pull: { readonly byTag?: string | undefined; readonly byDigest?: string | undefined }
}

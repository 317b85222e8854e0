import type { ManifestTarget } from '@/components/change/manifest-target'
import type { PullSource } from '@/lib/format/pull-commands'

export interface TagMenuProps {
  target: ManifestTarget
  /** Where tools pull it from. */
  from: PullSource | undefined
  artifact: string | undefined
}

import type { ChangeTarget } from '@/components/change/change-target'
import type { PullSource } from '@/lib/format/pull-commands'

export interface TagMenuProps {
  target: ChangeTarget
  /** Where tools pull it from. */
  from: PullSource | undefined
  artifact: string | undefined
}

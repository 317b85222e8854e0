import type { DownloadTarget } from '@/components/download/download-target'
import type { ManifestAction } from './manifest-action'

export const MORE_ACTIONS = 'More actions'

export interface MoreActionsProps {
  actions: readonly ManifestAction[]
  download: DownloadTarget | undefined
  onOpen: (dialog: ManifestAction['dialog']) => void
}

'use client'

import { onDemand } from '@/components/ui/on-demand'
import { useShortcut } from '@/components/ui/use-shortcut'
import { useSelection } from './tag-selection'

const SelectionActions = onDemand(() => import('./selection-actions').then((module) => module.SelectionActions))

interface SelectionBarProps {
  may: { readonly retag: boolean; readonly delete: boolean; readonly copy: boolean; readonly label: boolean }
}

/** What can be done with the selected tags, while there are any; Escape deselects them. */
export function SelectionBar({ may }: SelectionBarProps) {
  const { count, clear } = useSelection()
  useShortcut('Escape', () => count > 0 && clear())
  return count > 0 && <SelectionActions may={may} />
}

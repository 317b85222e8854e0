'use client'

import { copyText } from '@/components/ui/copy-text'
import { showToast } from '@/components/ui/toast'

/**
 * The key `c` in a row copies the command that pulls it.
 * @param commandOf by the row's place in the table, from 0
 */
export function useCopyKey(commandOf: (row: number) => string | undefined): (event: React.KeyboardEvent) => void {
  return (event) => {
    if (event.key !== 'c' || event.ctrlKey || event.metaKey || event.altKey || !(event.target instanceof Element))
      return
    const row = event.target.closest<HTMLTableRowElement>('tbody > tr')
    const command = row && commandOf(row.sectionRowIndex)
    if (!command) return
    event.preventDefault()
    void copyText(command).then((copied) =>
      showToast(
        copied
          ? { tone: 'good', title: 'Pull command copied', description: command }
          : { tone: 'danger', title: 'Couldn’t copy', description: 'The browser refused. Select the command instead.' },
      ),
    )
  }
}

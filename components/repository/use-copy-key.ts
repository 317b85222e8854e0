'use client'

import { copyText } from '@/components/ui/copy-text'
import { rowIndex } from '@/components/ui/row-index'
import { showToast } from '@/components/ui/toast'
import type { PullSource } from '@/lib/format/pull-commands'
import type { PulledRow } from './pull-texts'

/**
 * The key `c` in a row copies the command that pulls it.
 * @param rowOf by its place in the table, from 0
 */
export function useCopyKey(
  { from, repository }: { readonly from?: PullSource | undefined; readonly repository: string },
  rowOf: (index: number) => PulledRow | undefined,
): (event: React.KeyboardEvent) => void {
  return (event) => {
    if (event.key !== 'c' || event.ctrlKey || event.metaKey || event.altKey || !(event.target instanceof Element))
      return
    const element = event.target.closest<HTMLTableRowElement>('tbody > tr')
    const row = element && rowOf(rowIndex(element))
    if (!row || !from) return
    event.preventDefault()
    void copyCommand(from, repository, row)
  }
}

async function copyCommand(from: PullSource, repository: string, row: PulledRow): Promise<void> {
  const { pullTexts } = await import('./pull-texts')
  const command = pullTexts(from, repository, row).byDigest
  if (!command) return
  showToast(
    (await copyText(command))
      ? { tone: 'good', title: 'Pull command copied', description: command }
      : { tone: 'danger', title: 'Couldn’t copy', description: 'The browser refused. Select the command instead.' },
  )
}

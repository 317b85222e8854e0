import { rowIndex } from '@/components/ui/row-index'
import { useSelection } from './tag-selection'

/**
 * The key `x` in a row selects it.
 * @param tagOf by the row's place in the table, from 0
 */
export function useSelectKey(tagOf: (row: number) => string | undefined): (event: React.KeyboardEvent) => void {
  const { toggle } = useSelection()
  return (event) => {
    if (event.key !== 'x' || event.ctrlKey || event.metaKey || event.altKey || !(event.target instanceof Element))
      return
    const row = event.target.closest<HTMLTableRowElement>('tbody > tr')
    const tag = row && tagOf(rowIndex(row))
    if (!tag) return
    event.preventDefault()
    toggle({ tag })
  }
}

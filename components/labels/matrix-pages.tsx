import { ChevronRight, ChevronsLeft } from 'lucide-react'
import { buttonStyles } from '@/components/ui/button'
import { Link } from '@/components/ui/link'
import { Pager } from '@/components/ui/pager'
import type { MatrixPage } from '@/lib/data/labels/read-labels'
import { labelsHref } from '@/lib/routes/labels-href'
import type { LabelsPageState } from '@/lib/routes/labels-page-query'

/** Links to the other pages of a matrix: numbered if its rows are counted. */
export function MatrixPages({ matrix: { totals, next }, state }: { matrix: MatrixPage; state: LabelsPageState }) {
  if (totals)
    return (
      <Pager
        count={totals.rows}
        size={totals.size}
        page={totals.page}
        hrefOf={(page) => labelsHref({ ...state, page })}
      />
    )
  return (
    <nav aria-label="Pages" className="mt-3 flex justify-end gap-1.5">
      {state.after && (
        <Link href={labelsHref({ ...state, after: null })} className={buttonStyles({ size: 'sm' })}>
          <ChevronsLeft aria-hidden /> First page
        </Link>
      )}
      {next !== undefined && (
        <Link href={labelsHref({ ...state, after: next })} className={buttonStyles({ size: 'sm' })}>
          Next page <ChevronRight aria-hidden />
        </Link>
      )}
    </nav>
  )
}

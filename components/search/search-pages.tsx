import { ChevronRight, ChevronsLeft } from 'lucide-react'
import { buttonStyles } from '@/components/ui/button'
import { Link } from '@/components/ui/link'
import type { SearchResult } from '@/lib/data/search/read-search'
import { formatCount, plural } from '@/lib/format/bytes'
import { searchHref } from '@/lib/routes/href'
import { type SearchPageState, searchPageQuery } from '@/lib/routes/search-page-query'

/** Which tags are shown, and the way on. Pages are known by where the one before ended, so none is skipped or repeated. */
export function SearchPages({ result, state }: { result: SearchResult; state: SearchPageState }) {
  const shown = result.groups.reduce((sum, { tags }) => sum + tags.length, 0)
  const { tags } = result.counts
  const isExact = result.counts.isComplete && !result.mayFindMore
  const seen = state.after ? Math.max(0, state.seen) : 0
  if (!state.after && result.next === undefined) return null
  const pageHref = (after: string | null, before: number) =>
    searchHref(searchPageQuery({ ...state, after, seen: before, open: [] }))
  return (
    <nav aria-label="Pages" className="mt-3 flex items-center justify-between gap-3 text-xs text-muted">
      <span className="tabular">
        {formatCount(seen + 1)}–{formatCount(seen + shown)} of {isExact ? '' : 'at least '}
        {plural(tags, 'tag')}
      </span>
      <span className="flex gap-1.5">
        {state.after && (
          <Link href={pageHref(null, 0)} className={buttonStyles({ size: 'sm' })}>
            <ChevronsLeft aria-hidden /> First page
          </Link>
        )}
        {result.next !== undefined && (
          <Link href={pageHref(result.next, seen + shown)} className={buttonStyles({ size: 'sm' })}>
            Next page <ChevronRight aria-hidden />
          </Link>
        )}
      </span>
    </nav>
  )
}

import { ChevronLeft, ChevronRight } from 'lucide-react'
import { buttonStyles } from '@/components/ui/button'
import { Link } from '@/components/ui/link'
import type { TagPage } from '@/lib/data/read-tags'
import { formatCount } from '@/lib/format/bytes'
import { pathHref } from '@/lib/routes/href'
import { type TagTableState, tagTableQuery } from '@/lib/routes/tag-table-query'

const PAGE_SIZE = 100

export function Pager({
  registry,
  repository,
  state,
  page,
}: {
  registry: string
  repository: string
  state: TagTableState
  page: TagPage
}) {
  if (page.pages === 1) return null
  const current = Math.min(Math.max(1, state.page), page.pages)
  const href = (to: number) => pathHref(registry, repository, tagTableQuery({ ...state, page: to }))
  const first = (current - 1) * PAGE_SIZE + 1
  return (
    <nav aria-label="Pages" className="mt-3 flex items-center justify-between gap-3 text-xs text-muted">
      <span className="tabular">
        {formatCount(first)}–{formatCount(Math.min(page.matching, current * PAGE_SIZE))} of {formatCount(page.matching)}
      </span>
      <span className="flex items-center gap-1.5">
        <Step href={href(current - 1)} enabled={current > 1} label="Previous page" Icon={ChevronLeft} />
        <span className="px-1 tabular">
          Page {current} of {page.pages}
        </span>
        <Step href={href(current + 1)} enabled={current < page.pages} label="Next page" Icon={ChevronRight} />
      </span>
    </nav>
  )
}

function Step({
  href,
  enabled,
  label,
  Icon,
}: {
  href: string
  enabled: boolean
  label: string
  Icon: typeof ChevronLeft
}) {
  const className = buttonStyles({ size: 'icon' })
  return enabled ? (
    <Link href={href} aria-label={label} className={className}>
      <Icon aria-hidden />
    </Link>
  ) : (
    <span className={className} aria-disabled>
      <Icon aria-hidden />
    </span>
  )
}

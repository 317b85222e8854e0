import { ChevronLeft, ChevronRight } from 'lucide-react'
import { formatCount } from '@/lib/format/bytes'
import { buttonStyles } from './button'
import { Link } from './link'

interface PagerProps {
  /** Items on all pages. */
  count: number
  /** Items on a full page. */
  size: number
  /** From 1. */
  page: number
  hrefOf: (page: number) => string
}

/** The range of items shown and links to the other pages; nothing if there is only one page. */
export function Pager({ count, size, page, hrefOf }: PagerProps) {
  const pages = Math.ceil(count / size)
  if (pages <= 1) return null
  return (
    <nav aria-label="Pages" className="mt-3 flex items-center justify-between gap-3 text-xs text-muted">
      <span className="tabular">
        {formatCount((page - 1) * size + 1)}–{formatCount(Math.min(count, page * size))} of {formatCount(count)}
      </span>
      <span className="flex items-center gap-1.5">
        <Step href={page > 1 ? hrefOf(page - 1) : undefined} label="Previous page" Icon={ChevronLeft} />
        <span className="px-1 tabular">
          Page {page} of {pages}
        </span>
        <Step href={page < pages ? hrefOf(page + 1) : undefined} label="Next page" Icon={ChevronRight} />
      </span>
    </nav>
  )
}

function Step({ href, label, Icon }: { href: string | undefined; label: string; Icon: typeof ChevronLeft }) {
  const className = buttonStyles({ size: 'icon' })
  return href ? (
    <Link href={href} aria-label={label} className={className}>
      <Icon aria-hidden />
    </Link>
  ) : (
    <span className={className} aria-disabled>
      <Icon aria-hidden />
    </span>
  )
}

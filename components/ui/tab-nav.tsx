import { cn } from './cn'
import { Link } from './link'

interface TabNavProps {
  /** Read by screen readers. */
  readonly label: string
  readonly className?: string
  /** Its tabs: `TabLink`. */
  readonly children: React.ReactNode
}

/** Views of a page, or pages that belong together. Scrolls sideways where they don't fit, to the current one. */
export function TabNav({ label, className, children }: TabNavProps) {
  return (
    <nav aria-label={label} className={cn('scroll-cue mb-4 flex overflow-x-auto border-b sm:gap-1', className)}>
      {children}
    </nav>
  )
}

interface TabLinkProps {
  readonly href: string
  /** `true` for a page below the tab's own. */
  readonly current: 'page' | 'true' | undefined
  /** Whether the page goes back to its top. */
  readonly scroll?: boolean
  /** How many there are, behind the name. */
  readonly count?: React.ReactNode
  readonly children: React.ReactNode
}

/** Tabs are links: each has its own URL and works without scripts. */
export function TabLink({ href, current, scroll, count, children }: TabLinkProps) {
  return (
    <Link
      href={href}
      scroll={scroll}
      aria-current={current}
      className={cn(
        '-mb-px flex h-9 shrink-0 items-center gap-1.5 border-b-2 px-2 text-sm font-medium whitespace-nowrap sm:px-3',
        current
          ? 'border-accent text-ink [scroll-initial-target:nearest]'
          : 'border-transparent text-muted hover:text-ink',
      )}
    >
      {children}
      {count !== undefined && <span className="tabular text-xs font-normal text-muted">{count}</span>}
    </Link>
  )
}

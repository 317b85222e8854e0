import { cn } from './cn'
import { CurrentInView } from './current-in-view'
import { Link } from './link'

interface TabNavProps {
  /** Read by screen readers. */
  readonly label: string
  /** At the end of the line, below the tabs where there is little room. */
  readonly aside?: React.ReactNode
  /** Its tabs: `TabLink`. */
  readonly children: React.ReactNode
}

/** Views of a page, or pages that belong together. Scrolls sideways where they don't fit, to the current one. */
export function TabNav({ label, aside, children }: TabNavProps) {
  return (
    <div className="mb-4 flex flex-wrap items-end gap-x-4 gap-y-3 sm:border-b">
      <nav
        aria-label={label}
        className="scroll-cue flex max-w-full overflow-x-auto max-sm:w-full max-sm:border-b sm:gap-1"
      >
        {children}
      </nav>
      <div className="max-w-full empty:hidden sm:ml-auto sm:pb-1">{aside}</div>
    </div>
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
      {current && <CurrentInView />}
    </Link>
  )
}

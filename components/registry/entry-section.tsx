import { buttonStyles } from '@/components/ui/button'
import { Link } from '@/components/ui/link'
import { Pager } from '@/components/ui/pager'
import type { EntryPage } from '@/lib/data/registries/entry-page'
import { formatCount, plural } from '@/lib/format/bytes'
import { type EntryPlace, entriesHref } from '@/lib/routes/entries-href'
import type { EntryListState } from '@/lib/routes/entry-list-query'
import { EntryFilter } from './entry-filter'
import { EntryTable } from './entry-table'
import { Letters } from './letters'
import { QueryShortcuts } from './query-shortcuts'

interface EntrySectionProps {
  place: Exclude<EntryPlace, { kind: 'home' }>
  page: EntryPage
  /** The key that focuses the filter, unless another list on the page has it. */
  shortcut?: string
}

/** The namespaces and repositories at a place, with a filter and pages. */
export function EntrySection({ place, page, shortcut }: EntrySectionProps) {
  const { names } = place.state
  const hrefOf = (change: Partial<EntryListState>) => entriesHref(place, { ...place.state, namesPage: 1, ...change })
  const depth = page.hasNamespaces && !page.isFiltered && (
    <Depth state={place.state} total={page.total} hrefOf={hrefOf} />
  )
  return (
    <div id="entries">
      {page.shortcuts && (
        <div className="mb-3 flex flex-wrap items-start gap-x-3 gap-y-2">
          <div className="w-full sm:w-80">
            <EntryFilter
              label={`Filter ${plural(page.total, 'repository', 'repositories')}`}
              place={place}
              problem={page.problem}
              mistake={page.mistake}
              scope={`registry:${place.registry} `}
              example="age:>90d"
              shortcut={shortcut}
              results="entries"
            />
          </div>
          <QueryShortcuts
            queries={page.shortcuts}
            typed={names}
            hrefOf={(q) => hrefOf({ names: q })}
            titleOf={(q) => `By the newest tag: ${q}`}
          />
          <p role="status" className="text-xs text-muted sm:py-2">
            {page.isFiltered && plural(page.matching, 'match', 'matches')}
            {page.unmatched !== undefined && (
              <span className="text-warn">
                ; {plural(page.unmatched, 'repository', 'repositories')} not read enough to tell
              </span>
            )}
          </p>
          {depth}
        </div>
      )}
      {!page.shortcuts && depth && <div className="mb-3 flex">{depth}</div>}
      {page.letters && (
        <Letters letters={page.letters} page={page.page} hrefOf={(namesPage) => hrefOf({ namesPage })} />
      )}
      {page.problem ? (
        <p className="py-10 text-center text-sm text-muted">The filter isn’t valid, so nothing is shown.</p>
      ) : page.matching === 0 && page.isFiltered ? (
        <p className="py-10 text-center text-sm text-muted">
          {page.unmatched === undefined
            ? `None of ${formatCount(page.total)} repositories match “${names.trim()}”.`
            : `Nothing found so far. ${formatCount(page.unmatched)} of ${plural(page.total, 'repository', 'repositories')} haven’t been read enough to tell.`}
        </p>
      ) : (
        <EntryTable place={place} page={page} />
      )}
      <Pager count={page.matching} size={page.size} page={page.page} hrefOf={(namesPage) => hrefOf({ namesPage })} />
    </div>
  )
}

interface DepthProps {
  state: EntryListState
  total: number
  hrefOf: (change: Partial<EntryListState>) => string
}

/** Namespaces to walk into, or all repositories in one list. */
function Depth({ state: { order = 'name' }, total, hrefOf }: DepthProps) {
  return order === 'name' ? (
    <Link href={hrefOf({ order: 'path' })} scroll={false} className={buttonStyles({ className: 'ml-auto' })}>
      List all {formatCount(total)}
    </Link>
  ) : (
    <Link
      href={hrefOf({ order: 'name', orderDir: 'desc' })}
      scroll={false}
      className={buttonStyles({ className: 'ml-auto' })}
    >
      By namespace
    </Link>
  )
}

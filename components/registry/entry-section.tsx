import { Pager } from '@/components/ui/pager'
import type { EntryPage } from '@/lib/data/registries/entry-page'
import { formatCount, plural } from '@/lib/format/bytes'
import { type EntryPlace, entriesHref } from '@/lib/routes/entries-href'
import { EntryFilter } from './entry-filter'
import { EntryTable } from './entry-table'

/** A shorter list needs no filter. */
const WORTH_FILTERING = 12

interface EntrySectionProps {
  place: Exclude<EntryPlace, { kind: 'home' }>
  page: EntryPage
  /** The key that focuses the filter, unless another list on the page has it. */
  shortcut?: string
}

/** The namespaces and repositories at a place, with a filter and pages. */
export function EntrySection({ place, page, shortcut }: EntrySectionProps) {
  const isFilter = page.total >= WORTH_FILTERING || place.state.names !== ''
  return (
    <div id="entries">
      {isFilter && (
        <div className="mb-3 flex flex-wrap items-start gap-x-4 gap-y-2">
          <div className="w-full sm:w-80">
            <EntryFilter
              label={`Filter ${plural(page.total, 'repository', 'repositories')}`}
              place={place}
              problem={page.problem}
              shortcut={shortcut}
              results="entries"
            />
          </div>
          <p role="status" className="text-xs text-muted sm:py-2">
            {page.isFiltered ? plural(page.matching, 'match', 'matches') : 'Words, a glob like team-*, or a /regexp/'}
          </p>
        </div>
      )}
      {page.problem ? (
        <p className="py-10 text-center text-sm text-muted">The filter isn’t valid, so nothing is shown.</p>
      ) : page.matching === 0 && page.isFiltered ? (
        <p className="py-10 text-center text-sm text-muted">
          None of {formatCount(page.total)} repositories match “{place.state.names.trim()}”.
        </p>
      ) : (
        <EntryTable registry={place.registry} entries={page.entries} facts={page.facts ?? {}} />
      )}
      <Pager
        count={page.matching}
        size={page.size}
        page={page.page}
        hrefOf={(namesPage) => entriesHref(place, { names: place.state.names, namesPage })}
      />
    </div>
  )
}

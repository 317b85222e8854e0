import { History } from 'lucide-react'
import { Empty } from '@/components/ui/empty'
import { Time } from '@/components/ui/time'
import type { RepositoryHistory as Page } from '@/lib/data/history/read-history'
import { formatDay } from '@/lib/format/time'
import type { Place } from '@/lib/oci/place'
import type { HistoryState } from '@/lib/routes/history-query'
import { repositoryHref } from '@/lib/routes/href'
import { actorsOf } from './actors-of'
import { DayForm } from './as-of'
import { HistoryDays } from './history-days'
import { HistoryFilter } from './history-filter'
import { HistoryFooter } from './history-footer'
import { HistoryList } from './history-list'

interface RepositoryHistoryProps {
  place: Place
  history: Page
  state: HistoryState
}

/** What happened to the tags of a repository, since Lading has watched it. */
export function RepositoryHistory({ place, history, state }: RepositoryHistoryProps) {
  const of = { kind: 'repository', ...place } as const
  const { entries, next, mistakes, days, recordedSince, lookedAt } = history
  const isFiltered = state.q !== '' || state.change !== 'any' || state.how !== 'any' || state.by !== ''
  const since = recordedSince && formatDay(recordedSince.slice(0, 10), Date.now())
  return (
    <div className="space-y-3">
      <div className="flex flex-wrap items-start justify-between gap-2">
        <HistoryFilter place={of} state={state} actors={actorsOf(entries)} mistakes={mistakes} />
        <DayForm action={repositoryHref(place)} today={new Date().toISOString().slice(0, 10)} />
      </div>
      <HistoryDays days={days} hrefOf={(asOf) => repositoryHref(place, { asOf })} />
      {entries.length === 0 && next === undefined ? (
        <Empty icon={History} title={isFiltered ? 'No change matches' : 'No changes recorded yet'}>
          {isFiltered
            ? 'Try fewer words, or another kind of change.'
            : 'Lading records a change when it makes one, when the registry sends a notification, and when a sync finds one.'}
        </Empty>
      ) : (
        <HistoryList
          entries={entries}
          footer={
            <HistoryFooter place={of} state={state} next={next}>
              {since && `Recorded since ${since.replace('Today, ', '')}. Older changes aren’t known. Times are UTC.`}
            </HistoryFooter>
          }
        />
      )}
      <p className="text-xs text-muted">
        {lookedAt ? (
          <>
            All tags were last checked <Time iso={lookedAt} />.
          </>
        ) : (
          'Not all tags have been checked yet.'
        )}
      </p>
    </div>
  )
}

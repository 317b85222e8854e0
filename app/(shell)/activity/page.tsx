import { Activity } from 'lucide-react'
import type { Metadata } from 'next'
import type { PageProps } from '@/app/page-props'
import { ActivitySummary, CHANGE_WORDS } from '@/components/history/activity-summary'
import { actorsOf } from '@/components/history/actors-of'
import { HistoryFilter } from '@/components/history/history-filter'
import { HistoryFooter } from '@/components/history/history-footer'
import { HistoryList } from '@/components/history/history-list'
import { CatalogAges } from '@/components/search/catalog-ages'
import { SaveSearch } from '@/components/search/save-search'
import { RecordsNotice } from '@/components/shell/records-notice'
import { Empty } from '@/components/ui/empty'
import { ExportMenu } from '@/components/ui/export-menu'
import { PageHead } from '@/components/ui/page-head'
import { ProblemNotice } from '@/components/ui/problem-notice'
import { withheldRegistry } from '@/lib/access/authorize'
import { readActivity } from '@/lib/data/history/read-history'
import { maySaveSearches } from '@/lib/data/search/saved-searches'
import { visitor } from '@/lib/data/visitor'
import { attempt } from '@/lib/problem/attempt'
import { type HistoryState, historyQuery } from '@/lib/routes/history-query'
import { activityHref, exportHref } from '@/lib/routes/href'
import { loadHistoryParams } from '@/lib/routes/page-params'

export const metadata: Metadata = { title: 'Activity' }

const PLACE = { kind: 'everything' } as const

export default async function ActivityPage({ searchParams }: PageProps) {
  const state = await loadHistoryParams(searchParams)
  const selected = historyQuery({ ...state, after: '' })
  const actor = await visitor()
  const page = await attempt(() => readActivity(actor, state), actor)
  const isMistaken = page.ok && page.value.mistakes.length > 0
  return (
    <>
      <PageHead
        title="Activity"
        about={
          <>
            <p>What changed in the repositories that you can see, newest first.</p>
            {page.ok && <CatalogAges ages={page.value.ages} />}
          </>
        }
      >
        {page.ok && !isMistaken && page.value.summary.changes > 0 && (
          <ExportMenu
            files={(['csv', 'ndjson', 'json'] as const).map((format) => ({
              format,
              href: exportHref('activity', { ...selected, format }),
            }))}
          />
        )}
        {isNarrowed({ ...state, after: '' }) && !isMistaken && maySaveSearches(actor) && (
          <SaveSearch href={activityHref(selected)} suggested={suggestedName(state)} />
        )}
      </PageHead>
      <RecordsNotice registry={withheldRegistry(actor)} />
      {page.ok ? (
        <div className="space-y-3">
          <HistoryFilter
            place={PLACE}
            state={state}
            actors={actorsOf(page.value.entries)}
            mistakes={page.value.mistakes}
          />
          <ActivitySummary summary={page.value.summary} change={state.change} />
          {page.value.entries.length === 0 && page.value.next === undefined ? (
            isNarrowed(state) ? (
              <Empty icon={Activity} title="No change matches">
                Remove a filter, or look further back.
              </Empty>
            ) : (
              <Empty icon={Activity} title="No changes yet">
                Lading records a change when it makes one, when a registry sends a notification, and when a sync finds
                one.
              </Empty>
            )
          ) : (
            <HistoryList
              entries={page.value.entries}
              showRepository
              footer={
                <HistoryFooter place={PLACE} state={state} next={page.value.next}>
                  Times are UTC.
                </HistoryFooter>
              }
            />
          )}
        </div>
      ) : (
        <ProblemNotice problem={page.problem} />
      )}
    </>
  )
}

function suggestedName({ q, change, by }: HistoryState): string {
  const parts = [q.trim(), change === 'any' ? 'changes' : CHANGE_WORDS[change].plural, by && `by ${by}`]
  return parts.filter(Boolean).join(', ').slice(0, 100)
}

function isNarrowed({ q, change, how, by, after }: HistoryState): boolean {
  return q.trim() !== '' || change !== 'any' || how !== 'any' || by !== '' || after !== ''
}

import { Activity } from 'lucide-react'
import type { Metadata } from 'next'
import type { PageProps } from '@/app/page-props'
import { HistoryFilter } from '@/components/history/history-filter'
import { HistoryFooter } from '@/components/history/history-footer'
import { HistoryList } from '@/components/history/history-list'
import { RecordsNotice } from '@/components/shell/records-notice'
import { Empty } from '@/components/ui/empty'
import { PageHead } from '@/components/ui/page-head'
import { ProblemNotice } from '@/components/ui/problem-notice'
import { withheldRegistry } from '@/lib/access/authorize'
import { readActivity } from '@/lib/data/history/read-history'
import { visitor } from '@/lib/data/visitor'
import { attempt } from '@/lib/problem/attempt'
import type { HistoryState } from '@/lib/routes/history-query'
import { loadHistoryParams } from '@/lib/routes/page-params'

export const metadata: Metadata = { title: 'Activity' }

const PLACE = { kind: 'everything' } as const

export default async function ActivityPage({ searchParams }: PageProps) {
  const state = await loadHistoryParams(searchParams)
  const actor = await visitor()
  const page = await attempt(() => readActivity(actor, state), actor)
  return (
    <>
      <PageHead title="Activity" about="What changed in the repositories that you can see, newest first." />
      <RecordsNotice registry={withheldRegistry(actor)} />
      {page.ok ? (
        <div className="space-y-3">
          <HistoryFilter place={PLACE} state={state} mistakes={page.value.mistakes} />
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

function isNarrowed({ q, change, how, by, after }: HistoryState): boolean {
  return q.trim() !== '' || change !== 'any' || how !== 'any' || by !== '' || after !== ''
}

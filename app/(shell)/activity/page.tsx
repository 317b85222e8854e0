import { Activity } from 'lucide-react'
import type { Metadata } from 'next'
import { HistoryFilter } from '@/components/history/history-filter'
import { HistoryFooter } from '@/components/history/history-footer'
import { HistoryList } from '@/components/history/history-list'
import { Empty } from '@/components/ui/empty'
import { ProblemNotice } from '@/components/ui/problem-notice'
import { readActivity } from '@/lib/data/history/read-history'
import { visitor } from '@/lib/data/visitor'
import { attempt } from '@/lib/problem/attempt'
import { loadHistoryParams } from '@/lib/routes/history'

export const metadata: Metadata = { title: 'Activity' }

const PLACE = { kind: 'everything' } as const

export default async function ActivityPage({ searchParams }: PageProps<'/activity'>) {
  const state = await loadHistoryParams(searchParams)
  const actor = await visitor()
  const page = await attempt(() => readActivity(actor, state))
  return (
    <>
      <h1 className="text-xl font-semibold tracking-tight">Activity</h1>
      <p className="mt-1 mb-4 text-sm text-muted">What changed in the repositories that you can see, newest first.</p>
      {page.ok ? (
        <div className="space-y-3">
          <HistoryFilter place={PLACE} state={state} mistakes={page.value.mistakes} />
          {page.value.entries.length === 0 && page.value.next === undefined ? (
            <Empty icon={Activity} title="No changes found">
              Lading records a change when it makes one, when a registry sends a notification, and when a sync finds
              one.
            </Empty>
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

import { HistoryList } from '@/components/history/history-list'
import type { HistoryEntry } from '@/lib/data/history/history-entry'
import { activityHref } from '@/lib/routes/href'
import { HomeSection } from './home-section'

/** Tags that were moved or deleted in the last days. Renders nothing without any. */
export function RecentMoves({ entries }: { entries: readonly HistoryEntry[] }) {
  if (entries.length === 0) return null
  return (
    <HomeSection
      id="recently-moved"
      title="Recently moved tags"
      note="last 7 days, UTC"
      more={{ href: activityHref(), text: 'All activity' }}
    >
      <HistoryList entries={entries} showRepository />
    </HomeSection>
  )
}

import type { HomeNeeds as Needs } from '@/lib/data/home/read-home'
import { NewFindings } from './new-findings'
import { PinnedRepositories } from './pinned-repositories'
import { RecentJobs } from './recent-jobs'
import { RecentMoves } from './recent-moves'
import { RecentRepositories } from './recent-repositories'
import { SearchShortcuts } from './search-shortcuts'

/** What needs attention, below the registries: each part is shown only while it has content. */
export function HomeNeeds({ needs: { moves, jobs, pins, searches, findings } }: { needs: Needs }) {
  const isWide = moves.entries.length > 0 || (findings?.fresh ?? 0) > 0
  return (
    <div className={isWide ? 'grid gap-6 xl:grid-cols-[minmax(0,2fr)_minmax(0,1fr)]' : 'max-w-3xl'}>
      {isWide && (
        <div className="min-w-0 space-y-6">
          {findings && <NewFindings findings={findings} />}
          <RecentMoves entries={moves.entries} />
        </div>
      )}
      <div className="min-w-0 space-y-6">
        <RecentJobs jobs={jobs} />
        <PinnedRepositories pins={pins} />
        <SearchShortcuts searches={searches} />
        <RecentRepositories />
      </div>
    </div>
  )
}

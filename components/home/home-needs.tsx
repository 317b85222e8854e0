import type { HomeNeeds as Needs } from '@/lib/data/home/read-home'
import { RecentJobs } from './recent-jobs'
import { RecentMoves } from './recent-moves'
import { RecentRepositories } from './recent-repositories'

/** What needs somebody, below their registries: each part is there only while it has something to say. */
export function HomeNeeds({ needs: { moves, jobs } }: { needs: Needs }) {
  const hasMoves = moves.length > 0
  return (
    <div className={hasMoves ? 'mt-8 grid gap-6 xl:grid-cols-[minmax(0,2fr)_minmax(0,1fr)]' : 'mt-8 max-w-3xl'}>
      <RecentMoves entries={moves} />
      <div className="min-w-0 space-y-6">
        <RecentJobs jobs={jobs} />
        <RecentRepositories />
      </div>
    </div>
  )
}

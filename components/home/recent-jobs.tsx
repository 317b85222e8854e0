import { JobRow } from '@/components/jobs/job-row'
import { Panel } from '@/components/ui/panel'
import type { JobView } from '@/lib/data/jobs/jobs'
import { jobsHref } from '@/lib/routes/href'
import { HomeSection } from './home-section'

const SHOWN = 4

/** Jobs that have stopped, then those that are running; renders nothing without jobs. */
export function RecentJobs({ jobs }: { jobs: readonly JobView[] }) {
  const stopped = jobs.filter(({ state }) => state === 'failed')
  const running = jobs.filter(({ state }) => state === 'running' || state === 'queued')
  const shown = [...stopped, ...running].slice(0, SHOWN)
  if (shown.length === 0) return null
  return (
    <HomeSection
      id="jobs"
      title="Jobs"
      note={`${stopped.length} stopped, ${running.length} running`}
      more={{ href: jobsHref, text: 'All jobs' }}
    >
      <Panel>
        <ul className="divide-y">
          {shown.map((job) => (
            <JobRow key={job.id} job={job} />
          ))}
        </ul>
      </Panel>
    </HomeSection>
  )
}

import { Panel } from '@/components/ui/panel'
import type { JobView } from '@/lib/data/jobs/jobs'
import { jobsHref } from '@/lib/routes/href'
import { HomeSection } from './home-section'
import { groupJobs } from './job-groups'
import { JobRow } from './late-parts'

const SHOWN = 4

/** The registry's card, on the same page, says what is wrong with it. */
function isSyncOfRegistry({ kind, source }: JobView): boolean {
  return kind === 'sync' && source !== undefined && source.repository === undefined
}

/** Jobs that failed or stopped, then those that are running; renders nothing without jobs. */
export function RecentJobs({ jobs }: { jobs: readonly JobView[] }) {
  const { running, stopped, ending } = groupJobs(jobs)
  const shown = [...stopped, ...running].slice(0, SHOWN)
  if (shown.length === 0) return null
  return (
    <HomeSection
      id="jobs"
      title="Jobs"
      note={[stopped.length > 0 && `${stopped.length} ${ending}`, running.length > 0 && `${running.length} running`]
        .filter(Boolean)
        .join(', ')}
      more={{ href: jobsHref, text: 'All jobs' }}
    >
      <Panel>
        <ul className="divide-y">
          {shown.map((job) => (
            <JobRow key={job.id} job={job} isExplained={isSyncOfRegistry(job)} />
          ))}
        </ul>
      </Panel>
    </HomeSection>
  )
}

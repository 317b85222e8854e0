import { ListChecks } from 'lucide-react'
import type { Metadata } from 'next'
import { JobRow } from '@/components/jobs/job-row'
import { Empty } from '@/components/ui/empty'
import { listJobs } from '@/lib/data/jobs/jobs'
import { visitor } from '@/lib/data/visitor'

export const metadata: Metadata = { title: 'Jobs' }

export default async function JobsPage() {
  const jobs = await listJobs(await visitor())
  return (
    <>
      <h1 className="mb-4 text-xl font-semibold tracking-tight">Jobs</h1>
      {jobs.length === 0 ? (
        <Empty icon={ListChecks} title="No jobs yet">
          Copies and full checks of images are listed here. They continue when you leave the page, and after a restart.
        </Empty>
      ) : (
        <ul className="divide-y rounded-xl border bg-surface shadow-xs">
          {jobs.map((job) => (
            <JobRow key={job.id} job={job} />
          ))}
        </ul>
      )}
    </>
  )
}

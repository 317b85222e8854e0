import { ListTodo } from 'lucide-react'
import type { Metadata } from 'next'
import { JobRow } from '@/components/jobs/job-row'
import { Empty } from '@/components/ui/empty'
import { PageHead } from '@/components/ui/page-head'
import { ProblemNotice } from '@/components/ui/problem-notice'
import { listJobs } from '@/lib/data/jobs/jobs'
import { visitor } from '@/lib/data/visitor'
import { attempt } from '@/lib/problem/attempt'

export const metadata: Metadata = { title: 'Jobs' }

export default async function JobsPage() {
  const actor = await visitor()
  const jobs = await attempt(() => listJobs(actor), actor)
  return (
    <>
      <PageHead
        title="Jobs"
        about="Work that takes a while: syncs, copies, checks, plans and retention runs. It continues when you leave the page, and after a restart."
      />
      {!jobs.ok ? (
        <ProblemNotice problem={jobs.problem} />
      ) : jobs.value.length === 0 ? (
        <Empty icon={ListTodo} title="No jobs yet">
          Copy an image, check one completely, or run a plan, and its progress is here.
        </Empty>
      ) : (
        <ul className="divide-y rounded-xl border bg-surface shadow-xs">
          {jobs.value.map((job) => (
            <JobRow key={job.id} job={job} />
          ))}
        </ul>
      )}
    </>
  )
}

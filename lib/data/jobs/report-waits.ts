import { AsyncLocalStorage } from 'node:async_hooks'
import { processWide } from '../../config/process-wide.ts'
import type { Job, JobProgress } from '../../jobs/job.ts'
import type { JobContext } from '../../jobs/jobs.ts'
import { type RegistryWait, subscribeToWaits } from '../../registry/waits.ts'

/** Milliseconds: shorter waits aren't worth a word. */
const WORTH_SAYING = 2_000

/** Runs a job's work: the progress that it reports says when a registry holds it up by limiting requests. */
export function reportingWaits<T>(
  job: Pick<Job, 'progress'>,
  context: JobContext,
  work: (context: JobContext) => T,
): T {
  let last = job.progress
  const report = (progress: JobProgress) => {
    last = { ...(last.held && { held: last.held }), ...progress }
    context.report(last)
  }
  const note = ({ registry, until }: RegistryWait) => {
    // Many requests are held up at once, until about the same time.
    const known = last.held ? Date.parse(last.held.until) : 0
    if (until - Math.max(known, Date.now()) > WORTH_SAYING)
      report({ ...last, held: { registry, until: new Date(until).toISOString() } })
  }
  return listeners().run(note, () => work({ ...context, report }))
}

function listeners(): AsyncLocalStorage<(wait: RegistryWait) => void> {
  return processWide('job-waits', () => {
    const storage = new AsyncLocalStorage<(wait: RegistryWait) => void>()
    subscribeToWaits((wait) => storage.getStore()?.(wait))
    return storage
  })
}

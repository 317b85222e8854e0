import 'server-only'
import { metrics } from '../observe/metrics.ts'
import { StoreError } from '../store/store-error.ts'
import { jobQueue } from './jobs/job-queue.ts'
import { contentCache } from './registries/registries.ts'

/** Everything that Prometheus scrapes, as its text format. Holds no names of repositories, tags or users. */
export async function readMetrics(): Promise<{ readonly text: string; readonly contentType: string }> {
  const { registry, jobs, cacheReads, cacheBytes } = metrics()
  jobs.reset()
  try {
    for (const { kind, state } of await jobQueue().list()) jobs.inc({ kind, state })
  } catch (error) {
    // While the database is unreachable, everything else is measured all the same.
    if (!(error instanceof StoreError)) throw error
  }
  const { bytes, hits, misses } = contentCache()
  cacheBytes.set(bytes)
  cacheReads.reset()
  cacheReads.inc({ outcome: 'hit' }, hits)
  cacheReads.inc({ outcome: 'miss' }, misses)
  return { text: await registry.metrics(), contentType: registry.contentType }
}

import 'server-only'
import { metrics } from '../observe/metrics.ts'
import { backgroundLock } from '../store/background-lock.ts'
import { jobQueue } from './jobs/job-queue.ts'
import { contentCache } from './registries/registries.ts'

/** Everything that Prometheus scrapes, as its text format. Holds no names of repositories, tags or users. */
export async function readMetrics(): Promise<{ readonly text: string; readonly contentType: string }> {
  const { registry, jobs, cacheReads, cacheBytes, background } = metrics()
  jobs.reset()
  for (const { kind, state } of await jobQueue().list()) jobs.inc({ kind, state })
  const { bytes, hits, misses } = contentCache()
  cacheBytes.set(bytes)
  cacheReads.reset()
  cacheReads.inc({ outcome: 'hit' }, hits)
  cacheReads.inc({ outcome: 'miss' }, misses)
  background.set(backgroundLock().held ? 1 : 0)
  return { text: await registry.metrics(), contentType: registry.contentType }
}

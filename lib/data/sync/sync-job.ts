import { z } from 'zod'
import { syncRegistry } from '../../catalog/sync/sync-registry.ts'
import { syncRepository } from '../../catalog/sync/sync-repository.ts'
import { theCatalog } from '../../catalog/the-catalog.ts'
import type { JobContext } from '../../jobs/jobs.ts'
import { isOutage } from '../../registry/errors.ts'
import type { Registry } from '../../registry/registry.ts'
import { theStore } from '../../store/the-store.ts'
import { registryName, repositoryName } from '../input.ts'
import { jobKind } from '../jobs/job-kind.ts'
import { openForServer } from '../registries/open.ts'
import { registryByName } from '../registries/registries.ts'

export const syncInput = z.strictObject({
  registry: registryName,
  /** Only this one. */
  repository: repositoryName.optional(),
  /** Also recently checked repositories. */
  everything: z.boolean(),
})
export type SyncInput = z.output<typeof syncInput>

const LONGEST_LISTING = 10 * 60_000

/** Reads what is in a registry into the catalog. The server does it, for everyone, with the registry's own credentials. */
export const syncJob = jobKind(
  'sync',
  syncInput,
  async ({ registry: name, repository, everything }, _job, context) => {
    const registry = registryByName(name)
    // It was taken out of the configuration since.
    if (!registry) return
    if (repository) await syncOne(registry, repository, context)
    else await syncAll(registry, everything, context)
  },
  ({ registry, repository }) => `sync ${registry}${repository ? `/${repository}` : ''}`,
)

async function syncOne(
  registry: Registry,
  repository: z.output<typeof repositoryName>,
  { signal, report }: JobContext,
): Promise<void> {
  const store = await theStore()
  const opened = openForServer({ registry: registry.name, repository })
  if (!opened) return
  const synced = await syncRepository(store, opened, { at: Date.now(), how: 'sync' }, { limit: REQUESTS, signal })
  report({ done: 1, total: 1, counts: { tags: synced.tags, problems: synced.problems, failed: 0 } })
}

async function syncAll(registry: Registry, everything: boolean, { signal, report }: JobContext): Promise<void> {
  const store = await theStore()
  await theCatalog().registryChanged(registry.name)
  const seen = await theCatalog().repositories(registry, { freshFor: 0, patience: LONGEST_LISTING })
  if (isOutage(seen.failure)) throw seen.failure
  // A registry without a catalog: the configured and the visited repositories are no complete list.
  const partial =
    seen.value.partial ?? (seen.failure || seen.isListing ? 'the registry lists no repositories' : undefined)
  const list = { sorted: seen.value.sorted, ...(partial !== undefined && { partial }) }
  await syncRegistry(store, registry, list, {
    everything,
    signal,
    onProgress: ({ done, total, failed, tags, problems }) =>
      report({ done, total, counts: { failed, tags, problems } }),
  })
}

const REQUESTS = 8

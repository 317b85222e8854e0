import 'server-only'
import { config } from '../../config/config.ts'
import { SERVER } from '../jobs/job-owner.ts'
import { allRegistries } from '../registries/registries.ts'
import { syncJob } from './sync-job.ts'

/** Milliseconds from the start of the server: what people open first isn't held up. */
const FIRST_AFTER = 3_000

/**
 * Syncs every registry now and then, from shortly after the start, until the signal aborts: one of all processes asks.
 * A sync that is still under way is not asked for again.
 */
export function scheduleSyncs(signal: AbortSignal): void {
  const { syncEvery } = config()
  if (syncEvery === undefined) return
  const syncAll = () => {
    for (const { name } of allRegistries())
      syncJob
        .enqueue({ registry: name, everything: false }, SERVER)
        .catch((error) => console.error(`${name} could not be synced`, error))
  }
  let timer = setTimeout(() => {
    syncAll()
    timer = setInterval(syncAll, syncEvery).unref()
  }, FIRST_AFTER).unref()
  signal.addEventListener('abort', () => clearTimeout(timer))
}

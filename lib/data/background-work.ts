import { startCatalog } from '../catalog/the-catalog.ts'
import { config } from '../config/config.ts'
import { backgroundLock } from '../store/background-lock.ts'
import { settleInterrupted } from './changes/settle.ts'
import { resumeJobs } from './jobs/jobs.ts'
import { reportRegistries } from './registries/report-registries.ts'
import { startLookingAgain } from './sync/look-again.ts'
import { scheduleSyncs } from './sync/schedule-syncs.ts'
import { pruneTrashHourly } from './trash/prune-trash.ts'

/**
 * What goes on beside the requests, from the start of the server. Nothing waits for it: a registry that is down must
 * not hold up the start. Of several processes on one data folder, one does it.
 */
export function startBackgroundWork(): void {
  const started = new Date().toISOString()
  startCatalog()
  void reportRegistries()
  startLookingAgain()
  const lock = backgroundLock()
  if (!lock.held)
    console.warn(`Another Lading process uses ${config().dataDir} and does the background work until it ends`)
  lock.whenHeld(() => {
    pruneTrashHourly()
    scheduleSyncs()
    void resumeJobs()
      .then(() => settleInterrupted(started))
      .catch((error) => console.error('Interrupted jobs and changes could not be resumed', error))
  })
}

import { startCatalog } from '../catalog/the-catalog.ts'
import { stopping } from '../config/stopping.ts'
import { lead } from '../store/leases/lead.ts'
import { theStore } from '../store/the-store.ts'
import { settleInterruptedRegularly } from './changes/settle.ts'
import { keepHouseHourly } from './housekeeping.ts'
import { jobQueue } from './jobs/job-queue.ts'
// Every kind of job, so that those that another process has left go on before anybody opens a page.
import './jobs/jobs.ts'
import { schedulePolicyChecks } from './policy/schedule-policy-checks.ts'
import { reportRegistries } from './registries/report-registries.ts'
import { scheduleRetention } from './retention/schedule-retention.ts'
import { startRechecks } from './sync/recheck.ts'
import { scheduleSyncs } from './sync/schedule-syncs.ts'

/**
 * Background work from the start of the server. Nothing waits for it: a registry that is down must not hold up the
 * start. One of all processes on the database does what is needed once; jobs run in all of them.
 */
export function startBackgroundWork(): void {
  startCatalog()
  void reportRegistries()
  startRechecks()
  const stopLeading = lead(
    theStore,
    'schedule',
    (signal) => {
      keepHouseHourly(signal)
      scheduleSyncs(signal)
      scheduleRetention(signal)
      schedulePolicyChecks(signal)
      settleInterruptedRegularly(signal)
    },
    () => console.log('Another process on this database keeps the schedule. This one takes over when it ends.'),
  )
  jobQueue().start()
  // Others take over the running work at once.
  stopping().addEventListener('abort', () => void Promise.all([jobQueue().close(), stopLeading()]).catch(console.error))
}

import type { Actor } from '../../../access/actor.ts'
import { settleInterrupted } from '../../changes/settle.ts'
import { jobQueue } from '../../jobs/job-queue.ts'
import { runPolicy } from '../run-policy.ts'
import { readRuns } from '../runs.ts'

/** A server's process: runs a policy, or continues what the last process has left, until the run has ended. */
const [policy = '', what = ''] = process.argv.slice(2)
const anna: Actor = { kind: 'user', username: 'anna', groups: [], role: 'admin', grants: [], readOnly: false }
if (what === 'start') await runPolicy(anna, policy)
else {
  jobQueue().start()
  await settleInterrupted({ failed: true })
}
for (;;) {
  const [run] = await readRuns({ policy }, 1)
  if (run && run.state !== 'running') process.exit(0)
  await new Promise((resolve) => setTimeout(resolve, 50))
}

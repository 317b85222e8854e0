import type { Actor } from '../../../access/actor.ts'
import { settleInterrupted } from '../../changes/settle.ts'
import { jobQueue } from '../../jobs/job-queue.ts'
import { readPlan } from '../read-plan.ts'
import { startPlan, undoPlan } from '../steer-plan.ts'

/** A server's process: starts a plan or its undo, or continues what the last process has left, until that is finished. */
const [id = '', what = ''] = process.argv.slice(2)
const anna: Actor = { kind: 'user', username: 'anna', groups: [], role: 'admin', grants: [], readOnly: false }
const read = () => readPlan(anna, { id, show: 'all', page: 1 })
if (what === 'undo') await undoPlan(anna, id)
else if (what === 'start') await startPlan(anna, { id, revision: (await read()).plan.revision })
else {
  jobQueue().start()
  await settleInterrupted({ failed: true })
}
for (;;) {
  const { state, problem } = (await read()).plan
  if (state === 'finished' || state === 'undone') process.exit(0)
  if (state !== 'running' && state !== 'undoing') throw new Error(`the plan is ${state}: ${problem?.detail}`)
  await new Promise((resolve) => setTimeout(resolve, 50))
}

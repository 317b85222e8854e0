import type { Actor } from '../../../access/actor.ts'
import { settleInterrupted } from '../../changes/settle.ts'
import { resumeJobs } from '../../jobs/jobs.ts'
import { readPlan } from '../read-plan.ts'
import { startPlan } from '../steer-plan.ts'

/** A server's process: starts a plan, or continues what the last process has left, until the plan is finished. */
const [id = '', what = ''] = process.argv.slice(2)
const anna: Actor = { kind: 'user', username: 'anna', groups: [], role: 'admin', grants: [], readOnly: false }
const read = () => readPlan(anna, { id, show: 'all', page: 1 })
if (what === 'start') await startPlan(anna, { id, confirm: (await read()).counts.planned.tags })
else {
  await resumeJobs()
  await settleInterrupted()
}
while ((await read()).plan.state !== 'finished') await new Promise((resolve) => setTimeout(resolve, 50))
process.exit(0)

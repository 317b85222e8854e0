import { appendFile } from 'node:fs/promises'
import { setTimeout as delay } from 'node:timers/promises'
import { z } from 'zod'
import type { JobWork } from '../jobs.ts'

const inputSchema = z.object({ file: z.string(), steps: z.int(), pause: z.number() })

/** A job for tests: writes a line for each step it takes. */
export const countSlowly: JobWork = async (job, { signal, report, add }) => {
  const { file, steps, pause } = inputSchema.parse(job.input)
  for (let step = 1; step <= steps; step++) {
    await delay(pause, undefined, { signal })
    await appendFile(file, `attempt ${job.attempts} step ${step}\n`)
    report({ done: step, total: steps, counts: { taken: step } })
    add({ name: `step ${step}`, outcome: 'taken' })
  }
}

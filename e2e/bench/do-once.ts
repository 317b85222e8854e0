import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { z } from 'zod'

const run = promisify(execFile)
const OUTCOME = z.object({ ms: z.number(), processorMs: z.number(), grownMiB: z.number() })

/** One thing in a process of its own: see `once.ts`. */
export async function doOnce(...args: readonly string[]): Promise<z.infer<typeof OUTCOME>> {
  // As `npm start` runs the server: streamed buffers wait for a collection that a large young generation puts off.
  const { stdout } = await run(process.execPath, [
    '--max-semi-space-size=4',
    join(import.meta.dirname, 'once.ts'),
    ...args,
  ])
  return OUTCOME.parse(JSON.parse(stdout))
}

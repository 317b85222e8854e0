import 'server-only'
import { config } from '../../config/config.ts'
import { takeDuePolicies } from './policies.ts'
import { startRun } from './run-policy.ts'

/** Milliseconds between checks of what is due. */
const EVERY = 30_000

/** Starts the policies whose time has come, until the signal aborts. */
export function scheduleRetention(signal: AbortSignal): void {
  const look = () => void runDue().catch((error) => console.error('The retention schedule can’t be read', error))
  look()
  const timer = setInterval(look, EVERY).unref()
  signal.addEventListener('abort', () => clearInterval(timer))
}

/** While Lading is read-only, what is due waits. @returns how many were started */
export async function runDue(now = Date.now()): Promise<number> {
  if (config().readOnly) return 0
  const due = await takeDuePolicies(now)
  for (const { policy, owner } of due)
    await startRun(policy.id, owner).catch((error) => console.error(`${policy.name} could not be run`, error))
  return due.length
}

import { AsyncLocalStorage } from 'node:async_hooks'
import { processWide } from '../../config/process-wide.ts'

/** One taking of a lease. */
export interface Fence {
  readonly name: string
  readonly fence: number
}

interface Context {
  /** Absent once the work has ended: what it left running has no owner. */
  fence: Fence | undefined
}

/**
 * Runs work that only the holder of a lease may do: once another process has taken it, nothing that the work writes is
 * committed.
 */
export async function fencedBy<T>({ name, fence }: Fence, work: () => Promise<T>): Promise<T> {
  const context: Context = { fence: { name, fence } }
  try {
    return await storage().run(context, work)
  } finally {
    context.fence = undefined
  }
}

/** For writes outside the leased work, whichever process holds its lease. */
export function unfenced<T>(work: () => T): T {
  return storage().run({ fence: undefined }, work)
}

export function currentFence(): Fence | undefined {
  return storage().getStore()?.fence
}

function storage(): AsyncLocalStorage<Context> {
  return processWide('fence', () => new AsyncLocalStorage<Context>())
}

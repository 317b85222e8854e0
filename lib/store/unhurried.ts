import { AsyncLocalStorage } from 'node:async_hooks'
import { processWide } from '../config/process-wide.ts'

/** Works at a time from which on waiting for others pays. */
const CROWD = 8

interface Unhurried {
  readonly storage: AsyncLocalStorage<true>
  running: number
}

/**
 * Runs one of many works that nobody waits for: what it reads and writes waits a few milliseconds for others to share a
 * statement and a transaction with.
 */
export async function unhurried<T>(work: () => Promise<T>): Promise<T> {
  const state = shared()
  state.running++
  try {
    return await state.storage.run(true, work)
  } finally {
    state.running--
  }
}

/** Whether there is reason to wait for others. */
export function isUnhurried(): boolean {
  const { storage, running } = shared()
  return running >= CROWD && storage.getStore() === true
}

function shared(): Unhurried {
  return processWide('unhurried', () => ({ storage: new AsyncLocalStorage<true>(), running: 0 }))
}

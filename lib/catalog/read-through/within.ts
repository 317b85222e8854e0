import { setTimeout as delay } from 'node:timers/promises'

/** Whether a promise resolves in time; what it rejects with in time is thrown. */
export async function within(milliseconds: number, promise: Promise<unknown>): Promise<boolean> {
  const timer = new AbortController()
  try {
    return await Promise.race([
      promise.then(() => true),
      delay(milliseconds, false, { signal: timer.signal }).catch(() => false),
    ])
  } finally {
    timer.abort()
  }
}

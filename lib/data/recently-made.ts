import { processWide } from '../config/process-wide.ts'

interface Options<T> {
  /** Results that are kept; the least recently used is dropped first. */
  readonly most: number
  /** Milliseconds that one is kept. */
  readonly keepFor: number
  /** Small results are quick to make again. */
  readonly isWorthKeeping: (result: T) => boolean
}

/** Computes an expensive value once for all simultaneous callers, and keeps it for a while. */
export function recentlyMade<T>(name: string, { most, keepFor, isWorthKeeping }: Options<T>) {
  const kept = () => processWide(`recently-made ${name}`, () => new Map<string, { at: number; result: Promise<T> }>())
  return (key: string, make: () => Promise<T>): Promise<T> => {
    const known = kept().get(key)
    kept().delete(key)
    const entry = known && performance.now() - known.at < keepFor ? known : { at: performance.now(), result: make() }
    kept().set(key, entry)
    const forget = () => {
      if (kept().get(key) === entry) kept().delete(key)
    }
    if (entry !== known) entry.result.then((result) => isWorthKeeping(result) || forget(), forget)
    const oldest = kept().keys().next()
    if (kept().size > most && !oldest.done) kept().delete(oldest.value)
    return entry.result
  }
}

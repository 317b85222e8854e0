import { setTimeout as delay } from 'node:timers/promises'
import type { Store } from '../store.ts'
import { unfenced } from './fence.ts'
import { holdLease, LEASE_TTL } from './lease.ts'

/**
 * Has one of all processes do what needs to be done once. When that one ends or loses the lease, another begins.
 * @param work begins something that goes on until the signal aborts
 * @param follow called each time that another process is found to lead
 * @returns a function that gives up the lead, or ends trying
 */
export function lead(
  open: () => Promise<Store>,
  name: string,
  work: (signal: AbortSignal) => void,
  follow: () => void,
  ttl = LEASE_TTL,
): () => Promise<void> {
  const stop = new AbortController()
  const rest = () => delay(ttl / 3, undefined, { signal: stop.signal, ref: false }).catch(() => {})
  const loop = async () => {
    let isFollowing = false
    while (!stop.signal.aborted) {
      // A database that can't be reached is tried again.
      const lease = await open()
        .then((store) => holdLease(store, name, ttl))
        .catch(() => 'unknown' as const)
      if (!lease || lease === 'unknown') {
        if (!lease && !isFollowing) follow()
        isFollowing ||= !lease
        await rest()
        continue
      }
      isFollowing = false
      const { promise: ended, resolve: end } = Promise.withResolvers<void>()
      const both = AbortSignal.any([lease.signal, stop.signal])
      both.addEventListener('abort', () => end())
      if (both.aborted) end()
      else work(both)
      await ended
      await lease.release().catch(() => {})
    }
  }
  const looping = unfenced(loop)
  return () => {
    stop.abort()
    return looping
  }
}

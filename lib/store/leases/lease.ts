import type { Store } from '../store.ts'
import { type Fence, unfenced } from './fence.ts'
import { LeaseError } from './lease-error.ts'
import { holderName } from './lease-holder.ts'
import { giveUpLease, renewLease, takeLease } from './take-lease.ts'

/** Milliseconds that a lease lasts without being renewed: so soon is a process that was killed replaced. */
export const LEASE_TTL = 15_000
/** Part of it after which it is renewed. */
const RENEWED_AFTER = 1 / 3
const RETRIED_AFTER = 1_000

/** A lease that this process holds, and renews until it is released or lost. */
export interface Lease extends Fence {
  /** Aborted, by a LeaseError, once another process may have it. */
  readonly signal: AbortSignal
  release(): Promise<void>
}

/** Takes a lease, and keeps it. @returns undefined while another process has it. @throws StoreError */
export async function holdLease(store: Store, name: string, ttl = LEASE_TTL): Promise<Lease | undefined> {
  const asked = performance.now()
  const taken = await unfenced(() => takeLease(store.write, store.dialect, { name, holder: holderName(), ttl }))
  return taken && keepLease(store, taken, { ttl, asked })
}

/** Keeps a lease that was just taken. @param asked when it was asked for, by `performance.now()` */
export function keepLease(
  store: Store,
  { name, fence }: Fence,
  { ttl = LEASE_TTL, asked }: { readonly ttl?: number; readonly asked: number },
): Lease {
  const lost = new AbortController()
  let isReleased = false
  let deadline = asked + ttl
  let timer: NodeJS.Timeout
  const lose = (cause?: unknown) => {
    if (!isReleased) lost.abort(new LeaseError(name, { cause }))
  }
  const renew = async () => {
    const began = performance.now()
    // A database may never answer. It has a moment if this process was stopped: nobody may have taken the lease yet.
    const silence = setTimeout(lose, Math.max(deadline - began, RETRIED_AFTER)).unref()
    try {
      if (!(await unfenced(() => renewLease(store.write, store.dialect, { name, fence }, ttl)))) return lose()
      deadline = began + ttl
      plan(ttl * RENEWED_AFTER)
    } catch (error) {
      // The database may be back before anybody else can take it.
      if (performance.now() >= deadline) return lose(error)
      plan(Math.min(RETRIED_AFTER, ttl * RENEWED_AFTER))
    } finally {
      clearTimeout(silence)
    }
  }
  const plan = (after: number) => {
    if (!isReleased && !lost.signal.aborted) timer = setTimeout(() => void renew(), after).unref()
  }
  plan(ttl * RENEWED_AFTER)
  return {
    name,
    fence,
    signal: lost.signal,
    async release() {
      isReleased = true
      clearTimeout(timer)
      await unfenced(() => giveUpLease(store.write, { name, fence }))
    },
  }
}

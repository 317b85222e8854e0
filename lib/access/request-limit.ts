import { processWide } from '../config/process-wide.ts'
import { steadyNow } from '../config/steady-clock.ts'
import { AccessError } from './access-error.ts'
import type { Actor } from './actor.ts'
import { quotaKey } from './quota-key.ts'

/** Requests that somebody may send at once, and how many a second from then on. Far more than a page ever does. */
const BURST = 200
const PER_SECOND = 20
/** People whose requests are counted; the one idle for longest is forgotten first. */
const KEPT = 10_000

/** A bucket of requests for each person: by name, or by address for anonymous visitors. */
export class RequestLimit {
  readonly #buckets = new Map<string, { left: number; at: number }>()
  readonly #now: () => number

  constructor(now: () => number = steadyNow) {
    this.#now = now
  }

  /** Counts one request. @throws AccessError `too-many` */
  take(actor: Actor, address: string): void {
    const key = quotaKey(actor, address)
    const now = this.#now()
    const { left, at } = this.#buckets.get(key) ?? { left: BURST, at: now }
    const available = Math.min(BURST, left + ((now - at) / 1000) * PER_SECOND)
    const isAllowed = available >= 1
    this.#buckets.delete(key)
    this.#buckets.set(key, { left: isAllowed ? available - 1 : available, at: now })
    const oldest = this.#buckets.keys().next()
    if (this.#buckets.size > KEPT && !oldest.done) this.#buckets.delete(oldest.value)
    if (!isAllowed) throw new AccessError('too-many')
  }
}

/** For server actions: those of one process share it. */
export function actionLimit(): RequestLimit {
  return processWide('action-limit', () => new RequestLimit())
}

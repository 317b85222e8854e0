import { processWide } from '../config/process-wide.ts'
import { steadyNow } from '../config/steady-clock.ts'
import { AccessError } from './access-error.ts'
import type { Actor } from './actor.ts'
import { quotaKey } from './quota-key.ts'

interface Rate {
  /** Requests that somebody may send at once, and how many a second from then on. */
  readonly burst: number
  readonly perSecond: number
}

/** Far more than a page ever does. */
const ACTIONS: Rate = { burst: 200, perSecond: 20 }
/** Each adds to the audit log for good, and may read everything there is. */
const EXPORTS: Rate = { burst: 200, perSecond: 1 }
/** People whose requests are counted; the one idle for longest is forgotten first. */
const KEPT = 10_000

/** A bucket of requests for each person: by name, or by address for anonymous visitors. */
export class RequestLimit {
  readonly #buckets = new Map<string, { left: number; at: number }>()
  readonly #rate: Rate
  readonly #now: () => number

  constructor(rate: Rate, now: () => number = steadyNow) {
    this.#rate = rate
    this.#now = now
  }

  /** Counts one request. @throws AccessError `too-many` */
  take(actor: Actor, address: string): void {
    const key = quotaKey(actor, address)
    const now = this.#now()
    const { burst, perSecond } = this.#rate
    const { left, at } = this.#buckets.get(key) ?? { left: burst, at: now }
    const available = Math.min(burst, left + ((now - at) / 1000) * perSecond)
    const isAllowed = available >= 1
    this.#buckets.delete(key)
    this.#buckets.set(key, { left: isAllowed ? available - 1 : available, at: now })
    const oldest = this.#buckets.keys().next()
    if (this.#buckets.size > KEPT && !oldest.done) this.#buckets.delete(oldest.value)
    if (!isAllowed) throw new AccessError('too-many')
  }
}

/** For what may change something, by server actions and routes: all of one process share it. */
export function actionLimit(): RequestLimit {
  return processWide('action-limit', () => new RequestLimit(ACTIONS))
}

/** For downloads that are recorded as exports, likewise. */
export function exportLimit(): RequestLimit {
  return processWide('export-limit', () => new RequestLimit(EXPORTS))
}

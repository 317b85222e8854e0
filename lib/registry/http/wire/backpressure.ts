/** Above this many requests at once the number of connections is the limit. */
const UNLIMITED = 32

interface Waiter {
  readonly admit: () => void
}

/**
 * How many requests a registry gets at once. All of them, until it answers 429: then everybody waits as long as it asks
 * to, requests are let out one by one, and half as many as before may run at once. Each request that it accepts lets out
 * one more, up to that limit, which grows again slowly.
 */
export class Backpressure {
  #resumesAt = 0
  #limit = Number.POSITIVE_INFINITY
  /** How many of the allowed requests may run now. */
  #open = Number.POSITIVE_INFINITY
  #running = 0
  #sinceGrowth = 0
  #accepted = 0
  /** Requests that were refused before go first, so that none is refused over and over. */
  readonly #refused = new Set<Waiter>()
  readonly #fresh = new Set<Waiter>()
  #timer: NodeJS.Timeout | undefined

  /** How many requests were accepted so far. */
  get accepted(): number {
    return this.#accepted
  }

  /** Milliseconds that the registry still asks to wait; 0 for none. */
  get wait(): number {
    return Math.max(0, this.#resumesAt - performance.now())
  }

  /** Waits for its turn; undefined when there is nothing to wait for. Each request that entered has to leave. */
  enter(signal: AbortSignal | undefined, wasRefused = false): Promise<void> | undefined {
    if (this.#limit === Number.POSITIVE_INFINITY) {
      this.#running++
      return undefined
    }
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason)
      const queue = wasRefused ? this.#refused : this.#fresh
      const aborted = () => {
        queue.delete(waiter)
        reject(signal?.reason)
      }
      const waiter: Waiter = {
        admit: () => {
          signal?.removeEventListener('abort', aborted)
          resolve()
        },
      }
      signal?.addEventListener('abort', aborted, { once: true })
      queue.add(waiter)
      this.#admit()
    })
  }

  /** The request was accepted, or has failed for a reason unrelated to the request rate. */
  leave(outcome: 'accepted' | 'failed'): void {
    this.#running--
    if (outcome === 'accepted') {
      this.#accepted++
      if (this.#limit !== Number.POSITIVE_INFINITY) this.#grow()
    }
    this.#admit()
  }

  /** The registry refused a request and asks to wait. @param wait milliseconds */
  leaveRefused(wait: number): void {
    const now = performance.now()
    // Requests sent along with the first refused one don't halve the limit again.
    if (now >= this.#resumesAt) {
      this.#limit = Math.max(1, Math.floor(Math.min(this.#limit, this.#running) / 2))
      this.#sinceGrowth = 0
    }
    this.#open = 1
    this.#resumesAt = Math.max(this.#resumesAt, now + wait)
    this.#running--
    this.#admit()
  }

  #grow(): void {
    if (++this.#sinceGrowth >= this.#limit) {
      this.#limit++
      this.#sinceGrowth = 0
    }
    this.#open = Math.min(this.#open + 1, this.#limit)
    if (this.#limit > UNLIMITED) this.#limit = this.#open = Number.POSITIVE_INFINITY
  }

  #admit(): void {
    if (this.#refused.size + this.#fresh.size === 0) return
    const left = this.wait
    if (left > 0) {
      clearTimeout(this.#timer)
      this.#timer = setTimeout(() => this.#admit(), Math.ceil(left))
      return
    }
    for (const queue of [this.#refused, this.#fresh])
      for (const waiter of queue) {
        if (this.#running >= this.#open) return
        queue.delete(waiter)
        this.#running++
        waiter.admit()
      }
  }
}

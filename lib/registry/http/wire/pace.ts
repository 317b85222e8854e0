import { RegistryError } from '../../errors.ts'
import { neverConnected } from './failure.ts'
import { delay } from './retry-after.ts'

/** So many requests in a row that found nobody there open the breaker. */
const FAILURES = 5
const SHORTEST_BREAK = 2_000
const LONGEST_BREAK = 30_000

/**
 * How fast one registry may be asked: everyone waits while it asks to wait (429), and while it is down requests fail at
 * once with what was last seen, instead of each waiting for its own time limit.
 */
export class Pace {
  #pausedUntil = 0
  #failures = 0
  #brokenUntil = 0
  #lastFailure: RegistryError | undefined

  /** @throws RegistryError what the last failure was, while the breaker is open */
  check(): void {
    if (this.#brokenUntil > Date.now() && this.#lastFailure) {
      const { kind, message, host } = this.#lastFailure
      const retryAfter = this.#brokenUntil - Date.now()
      throw new RegistryError(
        kind,
        message,
        { retryAfter, ...(host !== undefined && { host }) },
        { cause: this.#lastFailure },
      )
    }
  }

  /** Undefined when there is nothing to wait for. */
  wait(signal: AbortSignal | undefined): Promise<void> | undefined {
    const remaining = this.#pausedUntil - Date.now()
    return remaining > 0 ? delay(remaining, signal) : undefined
  }

  pause(milliseconds: number): void {
    this.#pausedUntil = Math.max(this.#pausedUntil, Date.now() + milliseconds)
  }

  succeeded(): void {
    this.#failures = 0
    // A request that was under way when the breaker opened: somebody is there after all.
    this.#brokenUntil = 0
  }

  failed(error: unknown): void {
    if (!(error instanceof RegistryError) || !neverConnected(error)) return
    this.#failures++
    this.#lastFailure = error
    if (this.#failures < FAILURES) return
    // After a break one more failure is enough for the next, longer one.
    this.#brokenUntil = Date.now() + Math.min(SHORTEST_BREAK * 2 ** (this.#failures - FAILURES), LONGEST_BREAK)
  }
}

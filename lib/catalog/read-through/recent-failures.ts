import { type Clock, systemClock } from '../clock.ts'

/** Milliseconds until a failed question is asked again; doubles with each failure, up to the last. */
const FIRST_WAIT = 2_000
const LONGEST_WAIT = 60_000
/** Questions whose failures are remembered, the oldest dropped first. */
const KEPT = 10_000

/** Recent failures, so that a registry that is down doesn't hold up every page, and isn't asked by each. */
export class RecentFailures {
  readonly #clock: Clock
  readonly #failures = new Map<string, { readonly error: Error; readonly until: number; readonly wait: number }>()

  constructor(clock: Clock = systemClock) {
    this.#clock = clock
  }

  /** The failure, while it's too early to ask again. */
  find(question: string): Error | undefined {
    const failure = this.#failures.get(question)
    return failure && failure.until > this.#clock.monotonic() ? failure.error : undefined
  }

  /** What it failed with when it was asked last, if it hasn't been answered since. */
  last(question: string): Error | undefined {
    return this.#failures.get(question)?.error
  }

  add(question: string, error: Error): void {
    const last = this.#failures.get(question)
    const wait = last ? Math.min(LONGEST_WAIT, last.wait * 2) : FIRST_WAIT
    this.#failures.delete(question)
    this.#failures.set(question, { error, until: this.#clock.monotonic() + wait, wait })
    const [oldest] = this.#failures.keys()
    if (this.#failures.size > KEPT && oldest !== undefined) this.#failures.delete(oldest)
  }

  /** It was answered, or somebody wants it asked at once. */
  forget(question: string): void {
    this.#failures.delete(question)
  }
}

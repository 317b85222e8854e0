import { type Clock, systemClock } from '../clock.ts'

/** Milliseconds that the clocks of two machines may differ by. */
const SKEW = 5_000

/**
 * A clock for ages that are kept in a database: milliseconds since the epoch that never go back while the process runs.
 * A time in the future was recorded by another process whose clock has been set back: its age is unknown.
 */
export class SteadyClock {
  readonly #clock: Clock
  #last: number
  #monotonic: number

  constructor(clock: Clock = systemClock) {
    this.#clock = clock
    this.#last = clock.now()
    this.#monotonic = clock.monotonic()
  }

  /** What is written down. */
  now(): number {
    const monotonic = this.#clock.monotonic()
    // The machine may have slept: then its clock is ahead.
    this.#last = Math.max(Math.floor(this.#last + monotonic - this.#monotonic), this.#clock.now())
    this.#monotonic = monotonic
    return this.#last
  }

  /** What was written down, as an age and for people. */
  seen<T>(value: T, at: number, isOutdated: boolean): { value: T; seenAt: number; age: number } {
    const age = this.now() - at
    const isUnknown = isOutdated || age < -SKEW
    return { value, seenAt: this.#clock.now() - Math.max(0, age), age: isUnknown ? Infinity : Math.max(0, age) }
  }
}

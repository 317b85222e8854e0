import type { Clock } from '../clock.ts'

/** A clock that stands still until it is moved. */
export class SettableClock implements Clock {
  #now = Date.parse('2026-03-01T12:00:00Z')
  #monotonic = 1_000

  now(): number {
    return this.#now
  }

  monotonic(): number {
    return this.#monotonic
  }

  /** Time passes. */
  pass(milliseconds: number): void {
    this.#now += milliseconds
    this.#monotonic += milliseconds
  }

  /** Somebody sets the machine's clock: no time passes. */
  set(milliseconds: number): void {
    this.#now += milliseconds
  }
}

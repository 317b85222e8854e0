/** Two clocks: one for display, one for ages. */
export interface Clock {
  /** Milliseconds since the epoch, as the machine's clock says: it may be set, also back. */
  now(): number
  /** Milliseconds from an arbitrary start, never going back: what every age is measured by. */
  monotonic(): number
}

export const systemClock: Clock = { now: () => Date.now(), monotonic: () => performance.now() }

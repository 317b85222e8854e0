import type { Seen } from '../catalog.ts'
import type { Clock } from '../clock.ts'

/** A value seen, with its time on both clocks. */
export interface Sighting<T> {
  readonly value: T
  readonly seenAt: number
  /** Monotonic. */
  readonly at: number
  readonly isOutdated?: boolean
}

export function sighting<T>(value: T, clock: Clock): Sighting<T> {
  return { value, seenAt: clock.now(), at: clock.monotonic() }
}

export function seen<T>({ value, seenAt, at, isOutdated }: Sighting<T>, clock: Clock): Seen<T> {
  return { value, seenAt, age: isOutdated ? Number.POSITIVE_INFINITY : clock.monotonic() - at }
}

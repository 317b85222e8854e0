import { channel } from 'node:diagnostics_channel'

/** A request that is held back because its registry has answered 429. */
export interface RegistryWait {
  /** The registry's name, as configured. */
  readonly registry: string
  /** When it is sent; milliseconds since the epoch. */
  readonly until: number
}

/** One for the whole process: each of Next's bundles has its own copy of this module. */
const waits = channel('lading:registry-wait')

/** Tells subscribers, in the context of the request. */
export function publishWait(wait: RegistryWait): void {
  waits.publish(wait)
}

export function subscribeToWaits(listener: (wait: RegistryWait) => void): void {
  waits.subscribe((wait) => listener(wait as RegistryWait))
}

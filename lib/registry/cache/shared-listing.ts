import type { ListEnd, Listing } from '../listing.ts'
import { withSignal } from './single-flight.ts'

/** Younger listings are joined; an older one may have passed what has changed since. Milliseconds. */
const JOINED_WITHIN = 2_000

interface Shared<T> {
  readonly items: T[]
  readonly source: Listing<T>
  readonly stop: AbortController
  readonly started: number
  readers: number
  end?: ListEnd
  /** The step under way, which every reader at the end of `items` waits for. */
  step?: Promise<void>
}

/**
 * Lets readers who ask for the same list at the same time read it once. Each reads at its own speed and may leave;
 * when the last has left, the work is aborted.
 */
export class SharedListings {
  readonly #shared = new Map<string, Shared<unknown>>()

  async *read<T>(key: string, signal: AbortSignal | undefined, start: (signal: AbortSignal) => Listing<T>): Listing<T> {
    signal?.throwIfAborted()
    const shared = this.#join(key, start)
    shared.readers++
    try {
      for (let at = 0; ; at++) {
        while (at >= shared.items.length && !shared.end) await withSignal(this.#advance(key, shared), signal)
        if (at >= shared.items.length && shared.end) return shared.end
        yield shared.items[at] as T
      }
    } finally {
      shared.readers--
      if (shared.readers === 0) this.#leave(key, shared)
    }
  }

  /** Later readers start a new listing, as they must after a change. */
  forget(key: string): void {
    this.#shared.delete(key)
  }

  #join<T>(key: string, start: (signal: AbortSignal) => Listing<T>): Shared<T> {
    // A key stands for one kind of list, which the type system cannot follow through the map.
    const running = this.#shared.get(key) as Shared<T> | undefined
    if (running && performance.now() - running.started < JOINED_WITHIN) return running
    const stop = new AbortController()
    const shared: Shared<T> = { items: [], source: start(stop.signal), stop, started: performance.now(), readers: 0 }
    this.#shared.set(key, shared)
    return shared
  }

  #advance<T>(key: string, shared: Shared<T>): Promise<void> {
    shared.step ??= this.#next(key, shared)
    return shared.step
  }

  async #next<T>(key: string, shared: Shared<T>): Promise<void> {
    let ended = true
    try {
      const result = await shared.source.next()
      if (result.done) shared.end = result.value
      else {
        shared.items.push(result.value)
        ended = false
        shared.step = undefined
      }
    } finally {
      // After a failure `step` stays, so that every reader learns of it.
      if (ended && this.#shared.get(key) === shared) this.#shared.delete(key)
    }
  }

  #leave<T>(key: string, shared: Shared<T>): void {
    if (this.#shared.get(key) === shared) this.#shared.delete(key)
    if (shared.end) return
    shared.stop.abort()
    // The abort makes the source throw; no reader is left.
    shared.source.return({ complete: false, reason: 'nobody is reading any more' }).catch(() => undefined)
  }
}

import type { ListEnd, Listing } from '../../registry/listing.ts'
import { Interest } from './interest.ts'

/** Milliseconds that a list without readers is kept to be continued: its cursor and its beginning age. */
const KEPT_PAUSED = 120_000

interface RunningListOptions<T> {
  readonly start: (signal: AbortSignal) => Listing<T>
  readonly limit: number
  readonly keep: (items: readonly T[], end: ListEnd) => Promise<void>
  readonly grace?: number | undefined
}

/**
 * A list that is being read from a registry: as long as somebody waits for it, and on from where it paused when
 * somebody comes back.
 */
export class RunningList<T> {
  readonly items: T[] = []
  /** Resolves once the whole list is kept; rejects with what the registry failed with, or when the list was given up. */
  readonly kept: Promise<void>
  /** Items that were shown before the end; 0 where none had to be. */
  shown = 0
  /** Its readers have seen one stop: a further change doesn't stop it. */
  mayFinish = false
  #isOutdated = false
  readonly #stop = new AbortController()
  readonly #interest: Interest
  readonly #limit: number
  #isPaused = false
  #resume: (() => void) | undefined
  #expiry: NodeJS.Timeout | undefined

  constructor({ start, limit, keep, grace }: RunningListOptions<T>) {
    this.#limit = limit
    this.#interest = new Interest(() => this.#pause(), grace)
    this.kept = this.#read(start(this.#stop.signal)).then((end) => keep(this.items, end))
    this.kept.catch(() => undefined)
  }

  /** Given up, though the registry hasn't failed. */
  get isStopped(): boolean {
    return this.#stop.signal.aborted
  }

  /** What it lists has changed since it was begun. */
  get isOutdated(): boolean {
    return this.#isOutdated
  }

  /** What it lists has changed. @returns whether it goes on for those who read it already */
  outdate(): boolean {
    if (!this.mayFinish || this.#isPaused) return false
    this.#isOutdated = true
    return true
  }

  hold(): () => void {
    this.#isPaused = false
    clearTimeout(this.#expiry)
    this.#resume?.()
    return this.#interest.hold()
  }

  /** The result is no longer wanted: the repository has changed meanwhile. */
  stop(): void {
    this.#stop.abort(new DOMException('the list is out of date', 'AbortError'))
    this.#resume?.()
  }

  async #read(listing: Listing<T>): Promise<ListEnd> {
    try {
      for (;;) {
        if (this.#isPaused) await new Promise<void>((resume) => (this.#resume = resume))
        this.#stop.signal.throwIfAborted()
        const next = await listing.next()
        if (next.done) return next.value
        if (this.items.length >= this.#limit) {
          await listing.return({ complete: true })
          return { complete: false, reason: `only the first ${this.#limit.toLocaleString('en-US')} were read` }
        }
        this.items.push(next.value)
      }
    } catch (error) {
      // Fails once more because of the abort, with no reader left.
      listing.return({ complete: true }).catch(() => undefined)
      throw error
    } finally {
      this.#interest.end()
      clearTimeout(this.#expiry)
    }
  }

  #pause(): void {
    this.#isPaused = true
    if (this.#isOutdated) this.stop()
    this.#expiry = setTimeout(() => this.stop(), KEPT_PAUSED).unref()
  }
}

import { isOutage, isRegistryError } from '../../registry/errors.ts'
import type { ListEnd, Listing } from '../../registry/listing.ts'
import type { Seen } from '../catalog.ts'
import { type Clock, systemClock } from '../clock.ts'
import { RecentFailures } from './recent-failures.ts'
import { RunningList } from './running-list.ts'
import { within } from './within.ts'

/** Why a list is said to be partial while it is being read. */
export const STILL_LISTING = 'still being listed'

/** Where a list comes from and where it is kept. */
export interface ListSource<T> {
  readonly key: string
  /** Items beyond these are left out. */
  readonly limit: number
  seen(): Promise<Seen<unknown> | undefined>
  start(signal: AbortSignal): Listing<T>
  /** @param isOutdated what it lists has changed since the list was begun */
  record(items: readonly T[], end: ListEnd, isOutdated: boolean): Promise<void>
}

export interface Waiting {
  /** A list that is younger will do, in milliseconds. */
  readonly freshFor: number
  /** One of many pages may be older: milliseconds for each that it took to read it. */
  readonly freshPerPage?: number
  /** Milliseconds that the caller waits for a newer one before it makes do with what there is. */
  readonly patience: number
  /** Called where an older list is at hand while the registry is asked for a newer one, unless it failed last. */
  readonly meanwhile?: () => void
}

/** How the catalog's list compares with the registry. */
export interface ListState {
  /** Why the registry couldn't be reached, or has no such list: this one is from earlier. */
  readonly failure?: Error
  /** The registry is still being read: the list may be partial or old. */
  readonly isListing?: true
}

/** Lists whose number of pages is remembered, the oldest dropped first. */
const KEPT = 10_000

/** Reads lists from registries into the catalog: one reading of each at a time, shared by all who want it. */
export class ListReader {
  readonly failures: RecentFailures
  readonly #runs = new Map<string, RunningList<unknown>>()
  readonly #pages = new Map<string, number>()
  readonly #grace: number | undefined

  constructor({ clock = systemClock, grace }: { clock?: Clock; grace?: number } = {}) {
    this.failures = new RecentFailures(clock)
    this.#grace = grace
  }

  /**
   * Makes the catalog's list as new as the caller needs it, as far as that can be done within its patience. A registry
   * that failed when it was asked last has failed until it answers.
   * @throws whatever the registry failed with, where no list was ever seen or the registry refuses it
   */
  async refresh<T>(source: ListSource<T>, waiting: Waiting): Promise<ListState> {
    const { freshFor, freshPerPage = 0, patience, meanwhile } = waiting
    const seen = await source.seen()
    const running = this.#runs.get(source.key)
    if (!running) {
      const pages = this.#pages.get(source.key) ?? 0
      if (seen && seen.age < Math.max(freshFor, freshPerPage * pages)) return {}
      const failure = this.failures.find(source.key)
      if (failure) return failed(seen, failure)
    }
    if (seen && !this.failures.last(source.key)) meanwhile?.()
    const until = performance.now() + patience
    let wasStopped = false
    for (let run = running ?? this.#start(source); ; run = this.#runs.get(source.key) ?? this.#start(source)) {
      const { isOutdated } = run
      if (wasStopped) run.mayFinish = true
      const release = run.hold()
      try {
        if (await within(until - performance.now(), run.kept)) {
          if (!isOutdated) return {}
          // It lacks a change that this reader comes after.
          this.#end(source.key, run)
          continue
        }
        const last = this.failures.last(source.key)
        if (last && run.items.length === 0) return failed(seen, last)
        await showBeginning(source, run, seen !== undefined)
        return { isListing: true }
      } catch (error) {
        // Stopped by a change, which is no failure of the registry: the list is read again.
        if (!run.isStopped) return failed(await source.seen(), asError(error))
        wasStopped = true
      } finally {
        release()
      }
    }
  }

  /** Follows a list while it is being read, and ends with it: at once if it isn't being read. */
  async *follow(key: string, every: number, signal: AbortSignal): AsyncGenerator<{ readonly soFar: number }> {
    const run = this.#runs.get(key)
    if (!run) return
    const release = run.hold()
    try {
      while (!signal.aborted && !(await within(every, run.kept).catch(() => true))) yield { soFar: run.items.length }
    } finally {
      release()
    }
  }

  isListing(key: string): boolean {
    return this.#runs.has(key)
  }

  /**
   * A running list may miss a change, and is begun again: once. Where changes come faster than the list can be read, its
   * readers get one begun after they came, and those who come after a change wait for the next.
   */
  outdate(key: string): void {
    if (this.#runs.get(key)?.outdate()) this.failures.forget(key)
    else this.forget(key)
  }

  /** The next reader asks the registry at once. */
  forget(key: string): void {
    this.failures.forget(key)
    this.#runs.get(key)?.stop()
    this.#runs.delete(key)
  }

  #start<T>(source: ListSource<T>): RunningList<unknown> {
    const { key, limit, start } = source
    const isCurrent = () => this.#runs.get(key) === run
    const keep = async (items: readonly unknown[], end: ListEnd) => {
      // The run was started by this source, so that its items are of its kind.
      if (isCurrent()) await source.record(items as readonly T[], end, run.isOutdated)
      this.failures.forget(key)
      this.#note(key, end)
    }
    const run: RunningList<unknown> = new RunningList<unknown>({ start, limit, keep, grace: this.#grace })
    this.#runs.set(key, run)
    run.kept
      .catch((error) => isCurrent() && !run.isStopped && this.failures.add(key, asError(error)))
      .finally(() => this.#end(key, run))
    return run
  }

  #end(key: string, run: RunningList<unknown>): void {
    if (this.#runs.get(key) === run) this.#runs.delete(key)
  }

  #note(key: string, { pages }: ListEnd): void {
    this.#pages.delete(key)
    if (pages !== undefined) this.#pages.set(key, pages)
    const [oldest] = this.#pages.keys()
    if (this.#pages.size > KEPT && oldest !== undefined) this.#pages.delete(oldest)
  }
}

/** Items of a list that is being read for the first time that are shown meanwhile: few enough to be sorted at once. */
const BEGINNING = 5_000

/** For a list never seen before, the part so far is stored, and again when it has doubled. */
async function showBeginning<T>(source: ListSource<T>, run: RunningList<unknown>, wasSeen: boolean): Promise<void> {
  const { items, shown } = run
  if (items.length === 0 || items.length < shown * 2 || shown >= BEGINNING || (wasSeen && shown === 0)) return
  run.shown = items.length
  const beginning = items.slice(0, BEGINNING) as readonly T[]
  await source.record(beginning, { complete: false, reason: STILL_LISTING }, run.isOutdated)
}

function failed(seen: Seen<unknown> | undefined, failure: Error): ListState {
  if (!seen || isRefusal(failure)) throw failure
  return { failure }
}

/**
 * Whether the registry has answered that the list is not for us, or with something else: what was seen before isn't
 * shown in its place. That it has no such list refuses nothing that it has shown by other means.
 */
function isRefusal(failure: Error): boolean {
  return isRegistryError(failure) && !isOutage(failure) && !isRegistryError(failure, 'tls', 'unsupported')
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error))
}

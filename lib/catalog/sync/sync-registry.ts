import type { RepositoryName } from '../../oci/reference.ts'
import { gate, mapConcurrent } from '../../registry/concurrent.ts'
import { isOutage, isRegistryError } from '../../registry/errors.ts'
import type { Registry } from '../../registry/registry.ts'
import { isCutShort } from '../../store/cut-short.ts'
import type { Store } from '../../store/store.ts'
import { unhurried } from '../../store/unhurried.ts'
import type { RepositoryList } from '../catalog.ts'
import { systemClock } from '../clock.ts'
import { dueRepositories } from './due-repositories.ts'
import { recordGoneRepository } from './record-gone-repository.ts'
import { recordNewRepositories } from './record-new-repositories.ts'
import { syncRepository } from './sync-repository.ts'
import { dropOldRuns, endRun, openRun, type RunProgress, saveRun } from './sync-runs.ts'

export interface SyncOptions {
  readonly signal: AbortSignal
  /** Also recently checked repositories. */
  readonly everything: boolean
  readonly onProgress?: (progress: RunProgress) => void
  /** Least time between two savings of the progress, in milliseconds. */
  readonly saveEvery?: number
  readonly now?: () => number
}

/**
 * Repositories at a time, most of which wait for others to share what they read and write in the catalog; and requests
 * for all of them. The client asks for less when a registry limits the rate.
 */
const REPOSITORIES = 128
const REQUESTS = 16
/** Outages in a row after which the registry counts as down. */
const GIVE_UP_AFTER = 5
const SAVE_EVERY = 1_000

/**
 * Brings what is known of a registry up to date, repository by repository in the order of their names, so that a run
 * that was interrupted goes on where it was. One repository that fails doesn't end it; a registry that is down does.
 * @throws RegistryError, StoreError
 */
export async function syncRegistry(
  store: Store,
  registry: Registry,
  list: RepositoryList,
  { signal, everything, onProgress, saveEvery = SAVE_EVERY, now = systemClock.now }: SyncOptions,
): Promise<RunProgress> {
  const run = await openRun(store, registry.name, now())
  const due = await dueRepositories(store, registry.name, list.sorted, { everything, now: run.startedAt })
  const { cursor } = run
  const left = cursor === undefined ? due.repositories : due.repositories.filter((name) => name > cursor)
  const tally = new Tally(left, { ...run, total: run.done + left.length })
  const requests = gate(REQUESTS)
  let savedAt = Number.NEGATIVE_INFINITY
  let inARow = 0
  const save = async () => {
    onProgress?.(tally.progress)
    if (performance.now() - savedAt < saveEvery) return
    savedAt = performance.now()
    await saveRun(store, run.id, tally.progress)
  }
  const look = async (name: RepositoryName, index: number) => {
    try {
      const learnt = { at: now(), how: 'sync' } as const
      const isListed = !due.unlisted.has(name)
      const synced = await syncRepository(store, registry.repository(name), learnt, {
        limit: REQUESTS,
        gate: requests,
        signal,
        isListed,
      })
      if (!isListed && !list.partial && synced.tags === 0 && !synced.partial)
        await recordGoneRepository(store, { registry: registry.name, repository: name }, now())
      tally.add(index, synced)
      inARow = 0
    } catch (error) {
      signal.throwIfAborted()
      if (!isRegistryError(error)) throw error
      if (isOutage(error) && ++inARow >= GIVE_UP_AFTER) throw error
      tally.fail(index)
    }
    await save()
  }
  try {
    await saveRun(store, run.id, tally.progress)
    onProgress?.(tally.progress)
    await recordNewRepositories(store, registry.name, due.unknown, run.startedAt)
    await mapConcurrent(left, (name, index) => unhurried(() => look(name, index)), { limit: REPOSITORIES, signal })
  } catch (error) {
    const problem = isRegistryError(error) ? error.kind : 'failed'
    const state = signal.aborted ? 'cancelled' : 'failed'
    // Of a process that is about to end, or whose database can't be reached, the run stays open and is continued.
    if (!isShutdown(signal) && !isCutShort(error))
      await endRun(store, run.id, { ...tally.progress, state, at: now(), problem })
    throw error
  }
  const isPartial = tally.progress.failed > 0 || list.partial !== undefined
  await endRun(store, run.id, {
    ...tally.progress,
    state: isPartial ? 'partial' : 'complete',
    at: now(),
    ...(list.partial !== undefined && { problem: 'partial-list' }),
  })
  await dropOldRuns(store, registry.name)
  return tally.progress
}

/** A server that stops, or whose run another has taken over, aborts it like somebody who cancels it, and says so. */
function isShutdown({ reason }: AbortSignal): boolean {
  return reason instanceof Error && (reason.name === 'ShutdownError' || reason.name === 'LeaseError')
}

/** Counts what is done, and how far the beginning of the list is finished without a gap. */
class Tally {
  readonly #names: readonly RepositoryName[]
  readonly #isDone: boolean[]
  #prefix = 0
  #progress: RunProgress

  constructor(names: readonly RepositoryName[], { done, total, failed, tags, problems, cursor }: RunProgress) {
    this.#names = names
    this.#isDone = new Array<boolean>(names.length).fill(false)
    this.#progress = { done, total, failed, tags, problems, ...(cursor !== undefined && { cursor }) }
  }

  get progress(): RunProgress {
    return this.#progress
  }

  add(index: number, { tags, problems }: { readonly tags: number; readonly problems: number }): void {
    this.#progress = {
      ...this.#progress,
      tags: this.#progress.tags + tags,
      problems: this.#progress.problems + problems,
    }
    this.#finish(index)
  }

  fail(index: number): void {
    this.#progress = { ...this.#progress, failed: this.#progress.failed + 1 }
    this.#finish(index)
  }

  #finish(index: number): void {
    this.#isDone[index] = true
    while (this.#isDone[this.#prefix]) this.#prefix++
    const cursor = this.#names[this.#prefix - 1] ?? this.#progress.cursor
    this.#progress = { ...this.#progress, done: this.#progress.done + 1, ...(cursor !== undefined && { cursor }) }
  }
}

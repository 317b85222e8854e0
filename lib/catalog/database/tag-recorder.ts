import type { Digest } from '../../oci/digest.ts'
import type { Tag } from '../../oci/reference.ts'
import type { Repository } from '../../registry/registry.ts'
import type { Store } from '../../store/store.ts'
import { StoreError } from '../../store/store-error.ts'
import { noteStoreFailure, noteStoreSuccess, theStore } from '../../store/the-store.ts'
import { readManifestFacts } from './read-manifest-facts.ts'
import { recordManifests } from './record-manifests.ts'
import { recordTags } from './record-tags.ts'

/** What was read and waits to be recorded. More than these is left to the next time somebody looks. */
const MOST_WAITING = 5_000
const AT_ONCE = 50
/** Milliseconds for more to come, so that one transaction records many. */
const SETTLE = 200

interface Reading {
  readonly repository: Repository
  readonly tag: Tag
  readonly digest: Digest
}

/**
 * Records in the database what pages read, behind them: nothing waits for it, and it asks registries for nothing that
 * the pages have not read. An index has children that they haven't, so it is left to a sync.
 */
export class TagRecorder {
  readonly #waiting = new Map<string, Reading>()
  readonly #store: () => Promise<Store>
  readonly #now: () => number
  #isStarted = false
  #running: Promise<void> | undefined

  constructor(store: () => Promise<Store> = theStore, now: () => number = Date.now) {
    this.#store = store
    this.#now = now
  }

  /** Until then nothing is recorded: tests and scripts that only read have no database. */
  start(): void {
    this.#isStarted = true
    this.#store().catch(() => {
      // Said by whoever shows notices; the next reading tries again.
    })
  }

  add(reading: Reading): void {
    if (!this.#isStarted || this.#waiting.size >= MOST_WAITING) return
    const { repository, tag } = reading
    this.#waiting.set(`${repository.registry.name}/${repository.name}:${tag}`, reading)
    this.#running ??= this.#run().finally(() => {
      this.#running = undefined
    })
  }

  /** Resolves when everything that was added has been recorded or given up. */
  async idle(): Promise<void> {
    while (this.#running) await this.#running
  }

  async #run(): Promise<void> {
    while (this.#waiting.size > 0) {
      await new Promise((resolve) => setTimeout(resolve, SETTLE))
      const batch = [...this.#waiting].slice(0, AT_ONCE)
      for (const [key] of batch) this.#waiting.delete(key)
      try {
        await this.#record(batch.map(([, reading]) => reading))
        noteStoreSuccess()
      } catch (error) {
        if (!(error instanceof StoreError)) throw error
        noteStoreFailure(error)
        this.#waiting.clear()
      }
    }
  }

  async #record(readings: readonly Reading[]): Promise<void> {
    const store = await this.#store()
    const at = this.#now()
    for (const [repository, some] of Map.groupBy(readings, ({ repository }) => repository)) {
      const manifests = await Promise.all(some.map(({ digest }) => repository.manifest(digest).catch(() => undefined)))
      const whole = manifests.filter((manifest) => manifest !== undefined && manifest.kind !== 'index')
      const facts = await Promise.all(
        whole.map((manifest) => readManifestFacts(repository, manifest).catch(() => undefined)),
      )
      const known = facts.filter((each) => each !== undefined)
      await recordManifests(store, known)
      const digests = new Set(known.map(({ digest }) => digest))
      const sightings = some.map(({ tag, digest }) => (digests.has(digest) ? { tag, digest } : { tag }))
      const place = { registry: repository.registry.name, repository: repository.name }
      await recordTags(store, place, sightings, { at, how: 'sync' })
    }
  }
}

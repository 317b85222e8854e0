import type { Digest } from '../../oci/digest.ts'
import type { Tag } from '../../oci/reference.ts'
import type { Repository } from '../../registry/registry.ts'
import type { Store } from '../../store/store.ts'
import { StoreError } from '../../store/store-error.ts'
import { noteStoreFailure, noteStoreSuccess, theStore } from '../../store/the-store.ts'
import { readManifestFacts } from './read-manifest-facts.ts'
import { recordManifests, wholeManifests } from './record-manifests.ts'

/** Manifests read and waiting to be recorded. Any beyond this are recorded when read again. */
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
 * Records in the database what manifests hold that pages have read, so that their labels and layers can be searched
 * for. Nothing waits for it, and it requests nothing that pages haven't read. An index has children that they haven't,
 * so it is left to a sync.
 */
export class ManifestRecorder {
  readonly #waiting = new Map<string, Reading>()
  readonly #store: () => Promise<Store>
  #isStarted = false
  #running: Promise<void> | undefined

  constructor(store: () => Promise<Store> = theStore) {
    this.#store = store
  }

  /** Until then nothing is recorded: tests and scripts that only read have no database. */
  start(): void {
    this.#isStarted = true
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
    for (const [repository, some] of Map.groupBy(readings, ({ repository }) => repository)) {
      const digests = [...new Set(some.map(({ digest }) => digest))]
      const whole = await wholeManifests(store, digests)
      const unknown = digests.filter((digest) => !whole.has(digest))
      const manifests = await Promise.all(unknown.map((digest) => repository.manifest(digest).catch(() => undefined)))
      const facts = await Promise.all(
        manifests
          .filter((manifest) => manifest !== undefined && manifest.kind !== 'index')
          .map((manifest) => readManifestFacts(repository, manifest).catch(() => undefined)),
      )
      await recordManifests(
        store,
        facts.filter((each) => each !== undefined),
      )
    }
  }
}

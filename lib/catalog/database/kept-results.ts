import type { Store } from '../../store/store.ts'

/** Milliseconds: what is found sooner is found again whenever the catalog has changed. */
const QUICK = 250
/** Otherwise what was found is shown for this many times as long as it took. */
const TIMES = 10

interface Kept<T> {
  readonly version: number
  readonly began: number
  /** Milliseconds; absent while it runs. */
  took?: number
  readonly result: Promise<T>
}

interface Options {
  /** Keys, of which the oldest are forgotten. */
  readonly most: number
  /** Milliseconds that a result holds while the catalog doesn't change, as for the age of images; absent for good. */
  readonly holdsFor?: number
}

/**
 * What was found in the catalog, kept while the catalog is the same. A sync changes a large one all the time: what takes
 * seconds isn't looked for again on every view, and only once at a time.
 */
export class KeptResults<T> {
  readonly #kept = new Map<string, Kept<T>>()
  readonly #most: number
  readonly #holdsFor: number

  constructor({ most, holdsFor = Number.POSITIVE_INFINITY }: Options) {
    this.#most = most
    this.#holdsFor = holdsFor
  }

  /** @param version of the catalog. @throws what `find` throws */
  find(key: string, version: number, find: () => Promise<T>): Promise<T> {
    const known = this.#kept.get(key)
    if (known && this.#isCurrent(known, version)) return known.result
    const kept: Kept<T> = { version, began: performance.now(), result: find() }
    this.#kept.delete(key)
    this.#kept.set(key, kept)
    const [oldest] = this.#kept.keys()
    if (this.#kept.size > this.#most && oldest !== undefined) this.#kept.delete(oldest)
    kept.result.then(
      () => {
        kept.took = performance.now() - kept.began
      },
      () => {
        if (this.#kept.get(key) === kept) this.#kept.delete(key)
      },
    )
    return kept.result
  }

  #isCurrent({ version, began, took }: Kept<T>, now: number): boolean {
    const age = performance.now() - began
    if (took === undefined) return version === now || age > QUICK
    return age - took < this.#holdsFor && (version === now || (took > QUICK && age - took < TIMES * took))
  }
}

/** How often the catalog has changed. @throws StoreError */
export async function catalogVersion({ read }: Pick<Store, 'read'>): Promise<number> {
  const { version } = await read.selectFrom('catalog_state').select('version').executeTakeFirstOrThrow()
  return version
}

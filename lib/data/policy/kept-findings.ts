/** Milliseconds that findings are kept while the catalog doesn't change: the age of images does. */
const KEPT_FOR = 60_000
/** Milliseconds: what is found sooner is found again whenever the catalog has changed. */
const QUICK = 250
/** Otherwise what was found is shown for this many times as long as it took. */
const TIMES = 10

interface Kept<T> {
  readonly version: number
  readonly began: number
  /** Milliseconds; absent while it runs. */
  took?: number
  readonly findings: Promise<T>
}

/**
 * What was found before, while the catalog is the same. A sync changes a large catalog all the time: what takes seconds
 * isn't looked for again on every view, and only once at a time.
 */
export class KeptFindings<T> {
  readonly #kept = new Map<string, Kept<T>>()
  readonly #most: number

  /** @param most keys, of which the oldest are forgotten */
  constructor(most: number) {
    this.#most = most
  }

  /** @param version of the catalog. @throws what `find` throws */
  find(key: string, version: number, find: () => Promise<T>): Promise<T> {
    const known = this.#kept.get(key)
    if (known && isCurrent(known, version)) return known.findings
    const kept: Kept<T> = { version, began: performance.now(), findings: find() }
    this.#kept.delete(key)
    this.#kept.set(key, kept)
    const [oldest] = this.#kept.keys()
    if (this.#kept.size > this.#most && oldest !== undefined) this.#kept.delete(oldest)
    kept.findings.then(
      () => {
        kept.took = performance.now() - kept.began
      },
      () => {
        if (this.#kept.get(key) === kept) this.#kept.delete(key)
      },
    )
    return kept.findings
  }
}

function isCurrent({ version, began, took }: Kept<unknown>, now: number): boolean {
  const age = performance.now() - began
  if (took === undefined) return version === now || age > QUICK
  return age - took < KEPT_FOR && (version === now || (took > QUICK && age - took < TIMES * took))
}

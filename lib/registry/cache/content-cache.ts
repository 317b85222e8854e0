/** Memory besides the bytes themselves: the parsed view, the key and the entry. */
const OVERHEAD = 1_024
const DEFAULT_LIMIT = 128 * 1024 * 1024
/** The largest share of one entry, so that a large one doesn't evict everything else. */
const LARGEST_PART = 8

/**
 * Content addressed by digest, the least recently used dropped first when it takes more than `limit` bytes. What is
 * addressed by digest never changes, so nothing here ever goes stale; whether it still exists in the registry, and who
 * has access, is decided elsewhere.
 */
export class ContentCache {
  readonly limit: number
  /** Bytes held, overhead included. */
  bytes = 0
  /** Look-ups since the start that found something, and those that didn't. */
  hits = 0
  misses = 0
  // A Map iterates in insertion order: used entries are moved to the end.
  readonly #entries = new Map<string, { readonly value: object; readonly cost: number }>()

  constructor(limit = DEFAULT_LIMIT) {
    this.limit = limit
  }

  /** Keys name registry, repository, kind and digest; one kind has one type. */
  get(key: string): object | undefined {
    const entry = this.#entries.get(key)
    if (!entry) {
      this.misses += 1
      return undefined
    }
    this.hits += 1
    this.#entries.delete(key)
    this.#entries.set(key, entry)
    return entry.value
  }

  /** @param size bytes of `value`; anything larger than an eighth of the cache isn't kept */
  set(key: string, value: object, size: number): void {
    this.delete(key)
    const cost = size + OVERHEAD
    if (cost > this.limit / LARGEST_PART) return
    this.#entries.set(key, { value, cost })
    this.bytes += cost
    for (const oldest of this.#entries.keys()) {
      if (this.bytes <= this.limit) break
      this.delete(oldest)
    }
  }

  delete(key: string): void {
    const entry = this.#entries.get(key)
    if (!entry) return
    this.#entries.delete(key)
    this.bytes -= entry.cost
  }
}

/** A map that drops what was used longest ago when its values together weigh more than a limit. */
export class BoundedMap<T> {
  readonly #limit: number
  readonly #weigh: (value: T) => number
  // A Map iterates in the order of insertion: what is used is taken out and put at the end.
  readonly #entries = new Map<string, { readonly value: T; weight: number }>()
  #total = 0

  constructor(limit: number, weigh: (value: T) => number) {
    this.#limit = limit
    this.#weigh = weigh
  }

  get bytes(): number {
    return this.#total
  }

  get(key: string): T | undefined {
    const entry = this.#entries.get(key)
    if (!entry) return undefined
    this.#entries.delete(key)
    this.#entries.set(key, entry)
    return entry.value
  }

  set(key: string, value: T): void {
    this.delete(key)
    this.#entries.set(key, { value, weight: 0 })
    this.measure(key)
  }

  /** To be called when the value under a key has grown. The only value stays, however much it weighs. */
  measure(key: string): void {
    const entry = this.#entries.get(key)
    if (!entry) return
    const weight = this.#weigh(entry.value)
    this.#total += weight - entry.weight
    entry.weight = weight
    for (const oldest of this.#entries.keys()) {
      if (this.#total <= this.#limit || oldest === key) return
      this.delete(oldest)
    }
  }

  delete(key: string): void {
    const entry = this.#entries.get(key)
    if (!entry) return
    this.#entries.delete(key)
    this.#total -= entry.weight
  }
}

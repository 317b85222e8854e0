/** Changes of one tag that depend on what it points at, by tag: the protocol has no compare-and-swap. */
export type TagTurns = Pick<OneByOne, 'run'>

/** Does work under the same key one after another, and under others meanwhile. */
export class OneByOne {
  readonly #running = new Map<string, { count: number; last: Promise<unknown> }>()

  /** Resolves to what the work does, once all that was given before under its key has ended. */
  async run<T>(key: string, work: () => Promise<T>): Promise<T> {
    const running = this.#running.get(key) ?? { count: 0, last: Promise.resolve() }
    const mine = running.last.then(work, work)
    running.count++
    running.last = mine
    this.#running.set(key, running)
    try {
      return await mine
    } finally {
      running.count--
      if (running.count === 0) this.#running.delete(key)
    }
  }

  /** How much was given under a key and hasn't ended. */
  count(key: string): number {
    return this.#running.get(key)?.count ?? 0
  }
}

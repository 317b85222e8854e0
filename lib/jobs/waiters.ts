/** Wakes everyone waiting for a change under a name. */
export class Waiters {
  #waiting = new Map<string, Set<() => void>>()

  /** Resolves at the next `wake`, or when the signal aborts. */
  wait(name: string, signal: AbortSignal): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>()
    const all = this.#waiting.get(name) ?? new Set()
    this.#waiting.set(name, all)
    const end = () => {
      all.delete(end)
      if (all.size === 0 && this.#waiting.get(name) === all) this.#waiting.delete(name)
      signal.removeEventListener('abort', end)
      resolve()
    }
    all.add(end)
    signal.addEventListener('abort', end)
    if (signal.aborted) end()
    return promise
  }

  wake(name: string): void {
    for (const end of [...(this.#waiting.get(name) ?? [])]) end()
  }
}

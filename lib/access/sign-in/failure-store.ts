/** Failed attempts under one key. Times as the caller's clock gives them. */
export interface Failures {
  readonly count: number
  readonly blockedUntil: number
  readonly lastAt: number
}

/** Where failed sign-ins are counted. Replicas that share a database share it. */
export interface FailureStore {
  /** Replaces what is held under the key, in one step. @returns what is held now */
  update(key: string, change: (held: Failures | undefined) => Failures | undefined): Promise<Failures | undefined>
}

/** Milliseconds without a failure after which the ones before no longer count. */
export const FORGOTTEN_AFTER = 3_600_000

const MOST_ENTRIES = 10_000

/** In this process. Drops what was used longest ago when there are too many. */
export function memoryFailures(): FailureStore {
  const all = new Map<string, Failures>()
  return {
    async update(key, change) {
      const changed = change(all.get(key))
      // Deleting first keeps the map in order of use.
      all.delete(key)
      if (changed) all.set(key, changed)
      const oldest = all.keys().next().value
      if (all.size > MOST_ENTRIES && oldest !== undefined) all.delete(oldest)
      return changed
    },
  }
}

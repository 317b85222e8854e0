/** More gains nothing with one registry: 2,000 manifests take as long at 64 (measured on distribution 2.8). */
export const DEFAULT_CONCURRENCY = 16

/**
 * Calls `work` on each item, at most `limit` at a time, and resolves to the results in the order of the items. After
 * the first failure no further calls start; it's thrown once running ones have ended.
 */
export async function mapConcurrent<T, R>(
  items: readonly T[],
  work: (item: T, index: number) => Promise<R>,
  { limit = DEFAULT_CONCURRENCY, signal }: { limit?: number; signal?: AbortSignal } = {},
): Promise<R[]> {
  const results = new Array<R>(items.length)
  let next = 0
  let failure: { error: unknown } | undefined
  const lane = async () => {
    while (next < items.length && !failure) {
      const index = next++
      try {
        signal?.throwIfAborted()
        results[index] = await work(items[index] as T, index)
      } catch (error) {
        failure ??= { error }
      }
    }
  }
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, lane))
  if (failure) throw failure.error
  return results
}

/** Runs calls, at most `limit` at a time; the others begin in the order they came. */
export type Gate = <T>(work: () => Promise<T>) => Promise<T>

export function gate(limit: number = DEFAULT_CONCURRENCY): Gate {
  const waiting: (() => void)[] = []
  let running = 0
  return async (work) => {
    if (running < limit) running++
    else await new Promise<void>((resolve) => waiting.push(resolve))
    try {
      return await work()
    } finally {
      const next = waiting.shift()
      if (next) next()
      else running--
    }
  }
}

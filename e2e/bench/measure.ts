import { readFileSync } from 'node:fs'

/** Milliseconds one call takes. */
export async function timed(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now()
  await work()
  return performance.now() - started
}

/**
 * Runs the product and its limit in turn, so that a busy moment of the machine meets both, and returns the medians.
 * Each function gets the number of the run; the first run of both warms up and does not count.
 */
export async function compare(
  runs: number,
  product: (run: number) => Promise<number>,
  limit: (run: number) => Promise<number>,
): Promise<{ product: number; limit: number }> {
  const times: { product: number[]; limit: number[] } = { product: [], limit: [] }
  for (let run = 0; run <= runs; run++) {
    const [limited, measured] = [await limit(run), await product(run)]
    if (run === 0) continue
    times.limit.push(limited)
    times.product.push(measured)
  }
  return { product: median(times.product), limit: median(times.limit) }
}

export async function medianOf(runs: number, work: (run: number) => Promise<number>): Promise<number> {
  const times: number[] = []
  for (let run = 0; run <= runs; run++) {
    const time = await work(run)
    if (run > 0) times.push(time)
  }
  return median(times)
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN
}

/** MiB that this process has allocated: without the pages of files that it maps, which the system drops when it needs them. */
export function ownMemory(): number {
  const kibibytes = /^RssAnon:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]
  return Number(kibibytes ?? Number.NaN) / 1024
}

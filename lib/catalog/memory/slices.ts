import { setImmediate as nextTurn } from 'node:timers/promises'

/** Milliseconds that long work holds the event loop before others have their turn. */
const SLICE = 8
/** Items between checks of the clock. */
const STEP = 256
/** Items that are sorted at once: some milliseconds. */
const RUN = 1_024

/** `items.map(work)` that lets others have their turn. */
export async function mapInSlices<T, R>(items: readonly T[], work: (item: T) => R): Promise<R[]> {
  const results: R[] = []
  const turns = new Turns()
  for (const item of items) {
    results.push(work(item))
    if (turns.isOver()) await turns.next()
  }
  return results
}

/** Likewise `items.filter(matches)`. */
export async function filterInSlices<T>(items: readonly T[], matches: (item: T) => boolean): Promise<T[]> {
  const found: T[] = []
  const turns = new Turns()
  for (const item of items) {
    if (matches(item)) found.push(item)
    if (turns.isOver()) await turns.next()
  }
  return found
}

/** Likewise `items.toSorted(compare)`: runs are sorted, then merged two by two. */
export async function sortInSlices<T>(items: readonly T[], compare: (a: T, b: T) => number): Promise<T[]> {
  const turns = new Turns()
  let runs: T[][] = []
  for (let start = 0; start < items.length; start += RUN) {
    if (start > 0) await nextTurn()
    runs.push(items.slice(start, start + RUN).sort(compare))
  }
  while (runs.length > 1) {
    const merged: T[][] = []
    for (let index = 0; index < runs.length; index += 2)
      merged.push(await merge(runs[index] ?? [], runs[index + 1] ?? [], compare, turns))
    runs = merged
  }
  return runs[0] ?? []
}

/** Two sorted lists as one. Where one is short, places in the other are found by bisection: few comparisons. */
export async function merge<T>(
  a: readonly T[],
  b: readonly T[],
  compare: (a: T, b: T) => number,
  turns = new Turns(),
): Promise<T[]> {
  const [long, short] = a.length >= b.length ? [a, b] : [b, a]
  const isSparse = short.length * 32 < long.length
  const merged: T[] = []
  let at = 0
  for (const item of short) {
    const end = isSparse ? upperBound(long, item, at, compare) : long.length
    while (at < end && (isSparse || compare(long[at] as T, item) <= 0)) {
      merged.push(long[at++] as T)
      if (turns.isOver()) await turns.next()
    }
    merged.push(item)
  }
  while (at < long.length) {
    merged.push(long[at++] as T)
    if (turns.isOver()) await turns.next()
  }
  return merged
}

/** For loops elsewhere: `if (turns.isOver()) await turns.next()`. */
export class Turns {
  #count = 0
  #since = performance.now()

  isOver(): boolean {
    return ++this.#count % STEP === 0 && performance.now() - this.#since >= SLICE
  }

  async next(): Promise<void> {
    await nextTurn()
    this.#since = performance.now()
  }
}

function upperBound<T>(sorted: readonly T[], item: T, from: number, compare: (a: T, b: T) => number): number {
  let [low, high] = [from, sorted.length]
  while (low < high) {
    const middle = (low + high) >>> 1
    if (compare(sorted[middle] as T, item) <= 0) low = middle + 1
    else high = middle
  }
  return low
}

import { diffArrays } from 'diff'

/** Bounds of the search, whose work grows with the square of the edits: 1,000 take some 50 ms. */
const BOUNDS = { maxEditLength: 1_000, timeout: 1_000 }

export interface Alignment {
  /** Positions in `a` and `b` of equal items, both ascending. */
  readonly pairs: readonly (readonly [number, number])[]
  /** False when the lists differ in too much: then only their common beginning and end are paired. */
  readonly complete: boolean
}

/**
 * Pairs the items of a longest common subsequence. Bounded, and symmetric: swapping the lists swaps the pairs.
 */
export function align(a: readonly string[], b: readonly string[]): Alignment {
  const prefix = commonPrefix(a, b)
  const [restA, restB] = [a.slice(prefix), b.slice(prefix)]
  const suffix = commonPrefix([...restA].reverse(), [...restB].reverse())
  const middle = alignMiddle(restA.slice(0, restA.length - suffix), restB.slice(0, restB.length - suffix))
  const pairs = [
    ...count(prefix).map((n) => [n, n] as const),
    ...middle.pairs.map(([i, j]) => [prefix + i, prefix + j] as const),
    ...count(suffix).map((n) => [a.length - suffix + n, b.length - suffix + n] as const),
  ]
  return { pairs, complete: middle.complete }
}

function alignMiddle(a: readonly string[], b: readonly string[]): Alignment {
  // Items in only one list pair with nothing, and would cost the most.
  const [inA, inB] = [new Set(a), new Set(b)]
  const [fromA, fromB] = [positionsIn(a, inB), positionsIn(b, inA)]
  if (fromA.length === 0) return { pairs: [], complete: true }
  const [keysA, keysB] = [fromA.map((i) => a[i] ?? ''), fromB.map((j) => b[j] ?? '')]
  // Of several longest subsequences the algorithm's choice depends on the order of its arguments.
  const isSwapped = comesAfter(keysA, keysB)
  const changes = diffArrays(isSwapped ? keysB : keysA, isSwapped ? keysA : keysB, BOUNDS)
  if (!changes) return { pairs: [], complete: false }
  const pairs: [number, number][] = []
  let [i, j] = [0, 0]
  for (const { added, removed, value } of changes) {
    if (isSwapped ? added : removed) i += value.length
    else if (added || removed) j += value.length
    else for (const _ of value) pairs.push([fromA[i++] ?? 0, fromB[j++] ?? 0])
  }
  return { pairs, complete: true }
}

function positionsIn(list: readonly string[], other: ReadonlySet<string>): number[] {
  return list.flatMap((item, position) => (other.has(item) ? [position] : []))
}

function comesAfter(a: readonly string[], b: readonly string[]): boolean {
  if (a.length !== b.length) return a.length > b.length
  const first = a.findIndex((item, n) => item !== b[n])
  return first >= 0 && (a[first] ?? '') > (b[first] ?? '')
}

function commonPrefix(a: readonly string[], b: readonly string[]): number {
  let n = 0
  while (n < a.length && n < b.length && a[n] === b[n]) n++
  return n
}

function count(length: number): number[] {
  return Array.from({ length }, (_, n) => n)
}

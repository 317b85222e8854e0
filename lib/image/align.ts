import { diffArrays } from 'diff'

/** Work grows with its square; 2,000 take about a tenth of a second. */
const MAX_EDITS = 2_000

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
  if (a.length === 0 || b.length === 0) return { pairs: [], complete: true }
  // Of several longest subsequences the algorithm's choice depends on the order of its arguments.
  if (JSON.stringify(a) > JSON.stringify(b)) {
    const { pairs, complete } = alignMiddle(b, a)
    return { pairs: pairs.map(([i, j]) => [j, i]), complete }
  }
  const changes = diffArrays([...a], [...b], { maxEditLength: MAX_EDITS })
  if (!changes) return { pairs: [], complete: false }
  const pairs: [number, number][] = []
  let [i, j] = [0, 0]
  for (const { added, removed, value } of changes) {
    if (removed) i += value.length
    else if (added) j += value.length
    else for (const _ of value) pairs.push([i++, j++])
  }
  return { pairs, complete: true }
}

function commonPrefix(a: readonly string[], b: readonly string[]): number {
  let n = 0
  while (n < a.length && n < b.length && a[n] === b[n]) n++
  return n
}

function count(length: number): number[] {
  return Array.from({ length }, (_, n) => n)
}

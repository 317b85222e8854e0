import { globOf } from './glob.ts'
import { compileGlobSet } from './glob-set.ts'

/**
 * The names that at least one glob matches, in their order. A glob with a literal beginning looks only at the names that
 * begin so, which are one run of a sorted list; all globs that begin with a wildcard look at each name once, together.
 * @param sorted names sorted by code unit
 */
export function selectByGlobs<Name extends string>(
  sorted: readonly Name[],
  patterns: readonly string[],
): readonly Name[] {
  const chosen = new Uint8Array(sorted.length)
  const anywhere: string[] = []
  for (const pattern of new Set(patterns)) {
    const { prefix, isPrefixOnly, matches } = globOf(pattern)
    if (!prefix && !isPrefixOnly) {
      anywhere.push(pattern)
      continue
    }
    const from = prefix ? lowerBound(sorted, prefix) : 0
    const to = prefix ? from + runLength(sorted, from, prefix) : sorted.length
    if (isPrefixOnly) chosen.fill(1, from, to)
    else for (let at = from; at < to; at++) if (!chosen[at] && matches(sorted[at] as string)) chosen[at] = 1
  }
  if (anywhere.length > 0) {
    const matchesAny = compileGlobSet(anywhere)
    for (let at = 0; at < sorted.length; at++) {
      const name = sorted[at] as string
      if (!chosen[at] && (matchesAny(name) ?? anywhere.some((pattern) => globOf(pattern).matches(name)))) chosen[at] = 1
    }
  }
  return sorted.filter((_, index) => chosen[index])
}

/** The index of the first name that is not before `key`. */
export function lowerBound(sorted: readonly string[], key: string): number {
  return firstWhere(0, sorted.length, (index) => (sorted[index] as string) >= key)
}

function runLength(sorted: readonly string[], from: number, prefix: string): number {
  return firstWhere(from, sorted.length, (index) => !(sorted[index] as string).startsWith(prefix)) - from
}

/** The first index in the range where `test` holds; it must hold for all after the first. */
function firstWhere(low: number, high: number, test: (index: number) => boolean): number {
  while (low < high) {
    const middle = (low + high) >>> 1
    if (test(middle)) high = middle
    else low = middle + 1
  }
  return low
}

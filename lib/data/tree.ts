import type { RepositoryName } from '../oci/reference.ts'

/** A node of the tree: a namespace, a repository, or both at once. */
export interface TreeEntry {
  /** The whole path: `team/apps`. */
  readonly path: string
  /** Its last segment. */
  readonly name: string
  readonly isRepository: boolean
  /** Repositories below it, itself left out. */
  readonly below: number
}

/**
 * The entries directly below `prefix` (`''` for the root).
 * @param sorted repositories sorted by code unit
 */
export function treeLevel(sorted: readonly RepositoryName[], prefix: string): TreeEntry[] {
  const start = prefix && `${prefix}/`
  const entries = new Map<string, { isRepository: boolean; below: number }>()
  for (let index = start ? lowerBound(sorted, start) : 0; index < sorted.length; index++) {
    const name = sorted[index] as RepositoryName
    if (!name.startsWith(start)) break
    const slash = name.indexOf('/', start.length)
    const path = slash < 0 ? name : name.slice(0, slash)
    const entry = entries.get(path) ?? { isRepository: false, below: 0 }
    if (slash < 0) entry.isRepository = true
    else entry.below += 1
    entries.set(path, entry)
  }
  return [...entries]
    .map(([path, entry]) => ({ path, name: path.slice(start.length), ...entry }))
    .sort((a, b) => COLLATOR.compare(a.name, b.name))
}

const COLLATOR = new Intl.Collator('en', { numeric: true })

function lowerBound(sorted: readonly string[], key: string): number {
  let low = 0
  let high = sorted.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((sorted[middle] as string) < key) low = middle + 1
    else high = middle
  }
  return low
}

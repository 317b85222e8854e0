import { lowerBound } from '../../filter/select-by-globs.ts'
import type { RepositoryName } from '../../oci/reference.ts'

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
  const entries = new Map<string, Counts>()
  for (const name of below(sorted, start)) {
    const slash = name.indexOf('/', start.length)
    const path = slash < 0 ? name : name.slice(0, slash)
    const entry = entries.get(path) ?? { isRepository: false, below: 0 }
    if (slash < 0) entry.isRepository = true
    else entry.below += 1
    entries.set(path, entry)
  }
  return inOrder(entries, start)
}

/**
 * The entries at any depth below `prefix` whose path from there `matches`; the name of each is that path.
 * @param sorted repositories sorted by code unit
 */
export function matchingEntries(
  sorted: readonly RepositoryName[],
  prefix: string,
  matches: (path: string) => boolean,
): TreeEntry[] {
  const start = prefix && `${prefix}/`
  const entries = new Map<string, Counts>()
  // What is not wanted is remembered too: a namespace is asked about once, not for each repository in it.
  const unwanted = new Set<string>()
  const entryAt = (path: string): Counts | undefined => {
    const known = entries.get(path)
    if (known || unwanted.has(path)) return known
    if (!matches(path.slice(start.length))) {
      unwanted.add(path)
      return undefined
    }
    const entry = { isRepository: false, below: 0 }
    entries.set(path, entry)
    return entry
  }
  for (const name of below(sorted, start)) {
    const entry = entryAt(name)
    if (entry) entry.isRepository = true
    for (let slash = name.indexOf('/', start.length); slash >= 0; slash = name.indexOf('/', slash + 1)) {
      const namespace = entryAt(name.slice(0, slash))
      if (namespace) namespace.below += 1
    }
  }
  return inOrder(entries, start)
}

/** Every repository below `prefix`; the name of each is its path from there. */
export function repositoriesBelow(sorted: readonly RepositoryName[], prefix: string): TreeEntry[] {
  const start = prefix && `${prefix}/`
  const entries = new Map<string, Counts>()
  for (const name of below(sorted, start)) entries.set(name, { isRepository: true, below: 0 })
  return inOrder(entries, start)
}

/** How many repositories below `prefix` are among some. */
export function countBelow(sorted: readonly RepositoryName[], prefix: string, some: ReadonlySet<string>): number {
  if (some.size === 0) return 0
  let count = 0
  for (const name of below(sorted, prefix && `${prefix}/`)) if (some.has(name)) count++
  return count
}

interface Counts {
  isRepository: boolean
  below: number
}

/** The run of names that begin with `start`. */
function* below(sorted: readonly RepositoryName[], start: string): Generator<RepositoryName> {
  for (let index = start ? lowerBound(sorted, start) : 0; index < sorted.length; index++) {
    const name = sorted[index]
    if (!name?.startsWith(start)) return
    yield name
  }
}

function inOrder(entries: ReadonlyMap<string, Counts>, start: string): TreeEntry[] {
  return [...entries]
    .map(([path, entry]) => ({ path, name: path.slice(start.length), ...entry }))
    .sort((a, b) => COLLATOR.compare(a.name, b.name))
}

const COLLATOR = new Intl.Collator('en', { numeric: true })

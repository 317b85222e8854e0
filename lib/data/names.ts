import type { RepositoryName } from '../oci/reference.ts'
import { collect } from '../registry/listing.ts'
import type { Registry } from '../registry/registry.ts'
import { processWide } from './process-wide.ts'

/** A registry's repositories as last listed. */
export interface Names {
  /** Sorted by code unit, so that what is below a path is one run. */
  readonly sorted: readonly RepositoryName[]
  /** Set when the list is known to be partial. */
  readonly partial?: string
  /** Milliseconds since the epoch. */
  readonly listedAt: number
}

/** Older than this and the next reader has it listed again, behind what is shown. */
const FRESH_FOR = 10_000
/** Older than this and the reader waits for the new list. */
const STALE_FOR = 5 * 60_000
/** More than this on one page of ours helps nobody; the page says that it is partial. */
const LIMIT = 200_000

interface Entry {
  current?: Names
  pending?: Promise<Names>
}

const entries = () => processWide('names', () => new Map<string, Entry>())

/** The repositories of a registry, at most some seconds old unless the registry is slow: then what was last seen, with its age. */
export async function listNames(registry: Registry): Promise<Names> {
  const entry = entries().get(registry.name) ?? {}
  entries().set(registry.name, entry)
  const age = entry.current ? Date.now() - entry.current.listedAt : Number.POSITIVE_INFINITY
  if (entry.current && age < FRESH_FOR) return entry.current
  entry.pending ??= list(registry)
    .then((names) => {
      entry.current = names
      return names
    })
    .finally(() => {
      entry.pending = undefined
    })
  if (entry.current && age < STALE_FOR) {
    // The page is not kept waiting, and a failure shows on the next reader who has to wait.
    entry.pending.catch(() => {})
    return entry.current
  }
  return entry.pending
}

/** The next reader lists anew: after a change of ours, or when the user asks for it. */
export function forgetNames(registry: string): void {
  entries().delete(registry)
}

async function list(registry: Registry): Promise<Names> {
  const { items, end } = await collect(registry.repositories(), LIMIT)
  const sorted = items.sort((a, b) => (a < b ? -1 : a > b ? 1 : 0))
  return { sorted, ...(!end.complete && { partial: end.reason }), listedAt: Date.now() }
}

import { processWide } from '../config/process-wide.ts'
import type { RepositoryName } from '../oci/reference.ts'
import { type Problem, problemOf } from '../problem/problem.ts'
import { collect } from '../registry/listing.ts'
import type { Registry } from '../registry/registry.ts'

/** A registry's repositories as last listed. */
export interface Names {
  /** Sorted by code unit, so that what is below a path is one run. */
  readonly sorted: readonly RepositoryName[]
  /** Set when the list is known to be partial. */
  readonly partial?: string
  /** Milliseconds since the epoch. */
  readonly listedAt: number
  /** Why the list could not be had anew: what is there is what was last seen. */
  readonly failure?: Problem
}

/** Older than this and the next reader has it listed again, behind what is shown. */
const FRESH_FOR = 10_000
/** Older than this and the reader waits for the new list. */
const STALE_FOR = 5 * 60_000
/** More than this on one page of ours helps nobody; the page says that it is partial. */
const LIMIT = 200_000

interface Entry {
  current?: Names
  /** When it was last asked for, with whatever outcome. */
  askedAt: number
  /** What was seen is known to be out of date: the next reader waits. */
  isOutdated: boolean
  pending?: Promise<Names>
}

const entries = () => processWide('names', () => new Map<string, Entry>())

/**
 * The repositories of a registry, at most some seconds old unless the registry is slow or down: then what was last seen,
 * with its age and, where there is one, the failure.
 */
export async function listNames(registry: Registry): Promise<Names> {
  const entry = entries().get(registry.name) ?? { askedAt: 0, isOutdated: false }
  entries().set(registry.name, entry)
  const current = entry.isOutdated ? undefined : entry.current
  if (current && Date.now() - entry.askedAt < FRESH_FOR) return current
  entry.pending ??= ask(registry, entry)
  // The page is not kept waiting for a list that is not much newer than the one there is.
  return current && Date.now() - current.listedAt < STALE_FOR ? current : entry.pending
}

async function ask(registry: Registry, entry: Entry): Promise<Names> {
  try {
    entry.current = await list(registry)
    return entry.current
  } catch (error) {
    if (!entry.current) throw error
    entry.current = { ...entry.current, failure: problemOf(error) }
    return entry.current
  } finally {
    entry.askedAt = Date.now()
    entry.isOutdated = false
    entry.pending = undefined
  }
}

/**
 * The next reader waits for a new list: after a change of ours, or when the user asks for it. What was last seen stays
 * for the case that the registry cannot be asked.
 */
export function forgetNames(registry: string): void {
  const entry = entries().get(registry)
  if (!entry) return
  entry.isOutdated = true
  entry.pending = undefined
}

async function list(registry: Registry): Promise<Names> {
  const { items, end } = await collect(registry.repositories(), LIMIT)
  const sorted = items.sort((a, b) => (a < b ? -1 : a > b ? 1 : 0))
  return { sorted, ...(!end.complete && { partial: end.reason }), listedAt: Date.now() }
}

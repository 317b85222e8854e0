import { selectByGlobs } from '../filter/select-by-globs.ts'
import type { RepositoryName } from '../oci/reference.ts'
import type { Actor } from './actor.ts'
import { readableGlobs } from './authorize.ts'

/** One list per listing and set of globs: users with the same grants share it, and it goes when the listing does. */
const lists = new WeakMap<readonly RepositoryName[], Map<string, readonly RepositoryName[]>>()
/** Sets of grants whose lists are kept beside one listing. */
const KEPT = 50

/**
 * The repositories of a registry that the actor may browse, as `authorize` decides for each.
 * @param sorted all of them, sorted by code unit; the same array gives the same answer without looking again
 */
export function visibleRepositories(
  actor: Actor,
  registry: string,
  sorted: readonly RepositoryName[],
): readonly RepositoryName[] {
  const globs = readableGlobs(actor, 'browse', registry)
  if (globs.includes('**')) return sorted
  const byGlobs = lists.get(sorted) ?? new Map<string, readonly RepositoryName[]>()
  lists.set(sorted, byGlobs)
  const key = globs.join('\n')
  const known = byGlobs.get(key)
  if (known) return known
  const visible = selectByGlobs(sorted, globs)
  if (byGlobs.size >= KEPT) byGlobs.clear()
  byGlobs.set(key, visible)
  return visible
}

import 'server-only'
import type { Actor } from '../../access/actor.ts'
import { allows } from '../../access/authorize.ts'
import { catalogOf } from '../../catalog/the-catalog.ts'
import type { RepositoryName } from '../../oci/reference.ts'
import { type Attempt, attempt } from '../../problem/attempt.ts'
import type { Registry } from '../../registry/registry.ts'
import { FRESH_PER_PAGE } from '../tags/tag-list-age.ts'
import { visibleRegistries } from './registries.ts'

export interface RegistryMatches {
  readonly registry: string
  /** Best first; those that the actor may see. */
  readonly names: Attempt<readonly RepositoryName[]>
}

/**
 * Milliseconds that a search may take: somebody typing waits no longer, and the browser's next request queues behind
 * it.
 */
const PATIENCE = 3_000
/** More than this of one registry is not sent to a browser. */
const LIMIT = 50

/**
 * What the registries' own searches find in those whose names cannot all be listed: a search through the names that are
 * known would miss the rest. Registries without a search are left out; one that fails says why.
 * @param term at least one letter
 */
export async function searchRegistries(actor: Actor, term: string): Promise<RegistryMatches[]> {
  const searched = visibleRegistries(actor).map(async (registry) => {
    const signal = AbortSignal.timeout(PATIENCE)
    if (!(await hasMoreThanItLists(registry, signal))) return undefined
    const found = await attempt(() => registry.search(term, { limit: LIMIT, signal }))
    if (!found.ok) return { registry: registry.name, names: found }
    const mayBrowse = (repository: RepositoryName) => allows(actor, 'browse', { registry: registry.name, repository })
    const names = found.value?.names.filter(mayBrowse)
    return names && { registry: registry.name, names: { ok: true, value: names } as const }
  })
  return (await Promise.all(searched)).filter((result) => result !== undefined)
}

async function hasMoreThanItLists(registry: Registry, signal: AbortSignal): Promise<boolean> {
  // Where there is no catalog, the list is that of the configuration, and as such complete.
  const capabilities = await attempt(() => registry.capabilities({ signal }))
  if (!capabilities.ok) return false
  if (capabilities.value.catalog.state === 'no') return true
  const names = await attempt(() =>
    catalogOf(registry).repositories(registry, { freshFor: 60_000, freshPerPage: FRESH_PER_PAGE, patience: PATIENCE }),
  )
  return names.ok && names.value.value.partial !== undefined
}

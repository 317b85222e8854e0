import 'server-only'
import type { Actor } from '../access/actor.ts'
import { allows } from '../access/authorize.ts'
import type { RepositoryName } from '../oci/reference.ts'
import type { Registry } from '../registry/registry.ts'
import { type Attempt, attempt } from './attempt.ts'
import { listNames } from './names.ts'
import { visibleRegistries } from './registries.ts'

export interface RegistryMatches {
  readonly registry: string
  /** Best first; those that the actor may see. */
  readonly names: readonly RepositoryName[]
}

/** More than this of one registry is not sent to a browser. */
const LIMIT = 50

/**
 * What the registries' own searches find in those whose names cannot all be listed: a search through the names that are
 * known would miss the rest. Registries without a search are left out; one that fails says why.
 * @param term at least one letter
 */
export async function searchRegistries(actor: Actor, term: string): Promise<Attempt<RegistryMatches>[]> {
  const searched = visibleRegistries(actor).map(async (registry) => {
    if (!(await hasMoreThanItLists(registry))) return undefined
    const found = await attempt(() => registry.search(term, { limit: LIMIT }))
    if (!found.ok) return found
    const mayBrowse = (repository: RepositoryName) => allows(actor, 'browse', { registry: registry.name, repository })
    const names = found.value?.names.filter(mayBrowse)
    return names && { ok: true as const, value: { registry: registry.name, names } }
  })
  return (await Promise.all(searched)).filter((result) => result !== undefined)
}

async function hasMoreThanItLists(registry: Registry): Promise<boolean> {
  // Where there is no catalog, the list is that of the configuration, and as such complete.
  const capabilities = await attempt(() => registry.capabilities())
  if (capabilities.ok && capabilities.value.catalog.state === 'no') return true
  const names = await attempt(() => listNames(registry))
  return !names.ok || names.value.partial !== undefined
}

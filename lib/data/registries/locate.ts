import 'server-only'
import type { Actor } from '../../access/actor.ts'
import { allows } from '../../access/authorize.ts'
import { catalogOf } from '../../catalog/the-catalog.ts'
import type { Digest } from '../../oci/digest.ts'
import type { Place } from '../../oci/place.ts'
import type { RepositoryName, Selector } from '../../oci/reference.ts'
import { mapConcurrent } from '../../registry/concurrent.ts'
import type { Registry } from '../../registry/registry.ts'
import { openRepository } from './open.ts'
import { visibleRegistries } from './registries.ts'

/** Milliseconds that the palette waits. */
const PATIENCE = 3_000
/** Repositories in which a digest is looked up. */
const MOST = 200

/**
 * The repositories that have what a pull reference names: in the registry that its host is, else in any.
 * @param host as the reference has it; without one, any registry may be meant
 */
export async function locateReference(
  actor: Actor,
  host: string | undefined,
  repository: RepositoryName,
  selector: Selector,
): Promise<Place[]> {
  const registries = visibleRegistries(actor)
  const meant = registries.filter((registry) => host !== undefined && isHostOf(registry, host))
  return holding(
    actor,
    (meant.length > 0 ? meant : registries).map(({ name }) => ({ registry: name, repository })),
    selector,
  )
}

/** The repositories, of those that were seen, that have a manifest or blob. @param near to ask first */
export async function locateDigest(actor: Actor, digest: Digest, near: readonly Place[]): Promise<Place[]> {
  const seen = await Promise.all(
    visibleRegistries(actor).map(async (registry) => {
      const { name } = registry
      const listed = (await catalogOf(registry).catalog.repositories(name))?.value.sorted ?? []
      return listed.map((repository) => ({ registry: name, repository }))
    }),
  )
  const places = new Map([...near, ...seen.flat()].map((place) => [`${place.registry}/${place.repository}`, place]))
  return holding(actor, [...places.values()].slice(0, MOST), digest)
}

async function holding(actor: Actor, places: readonly Place[], selector: Selector): Promise<Place[]> {
  const signal = AbortSignal.timeout(PATIENCE)
  const allowed = places.filter((place) => allows(actor, 'browse', place))
  const found = await mapConcurrent(allowed, async (place) =>
    (await has(actor, place, selector, signal)) ? [place] : [],
  )
  return found.flat()
}

/** Unreachable registries count as not found: a palette offers only what it knows. */
async function has(actor: Actor, place: Place, selector: Selector, signal: AbortSignal): Promise<boolean> {
  try {
    await openRepository(actor, 'browse', place).resolve(selector, { signal })
    return true
  } catch {
    return false
  }
}

function isHostOf({ publicHost, location }: Registry, host: string): boolean {
  return [publicHost, URL.parse(location)?.host].some((name) => name?.toLowerCase() === host.toLowerCase())
}

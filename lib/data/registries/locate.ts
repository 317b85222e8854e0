import 'server-only'
import type { Actor } from '../../access/actor.ts'
import { allows } from '../../access/authorize.ts'
import { catalogOf } from '../../catalog/the-catalog.ts'
import type { Digest } from '../../oci/digest.ts'
import type { Place } from '../../oci/place.ts'
import type { RepositoryName, Selector } from '../../oci/reference.ts'
import { mapConcurrent } from '../../registry/concurrent.ts'
import { isOutage } from '../../registry/errors.ts'
import { collect } from '../../registry/listing.ts'
import type { Registry } from '../../registry/registry.ts'
import { openRepository } from './open.ts'
import { visibleRegistries } from './registries.ts'

/** Milliseconds that the palette waits. */
const PATIENCE = 3_000
/** Repositories in which a digest is looked up. */
const MOST = 200

export interface Located {
  /** The repositories that have it. */
  readonly places: readonly Place[]
  /** Those that are there but lack it, where a reference names one. */
  readonly lacking: readonly Place[]
  /** Registries that gave no answer: they may have it too. */
  readonly failed: readonly string[]
}

/**
 * The repositories that have what a pull reference names: in the registry that its host is, else in any.
 * @param host as the reference has it; without one, any registry may be meant
 */
export async function locateReference(
  actor: Actor,
  host: string | undefined,
  repository: RepositoryName,
  selector: Selector,
): Promise<Located> {
  const registries = visibleRegistries(actor)
  const meant = registries.filter((registry) => host !== undefined && isHostOf(registry, host))
  return holding(
    actor,
    (meant.length > 0 ? meant : registries).map(({ name }) => ({ registry: name, repository })),
    selector,
    true,
  )
}

/** The repositories, of those that were seen, that have a manifest or blob. @param near to ask first */
export async function locateDigest(actor: Actor, digest: Digest, near: readonly Place[]): Promise<Located> {
  const seen = await Promise.all(
    visibleRegistries(actor).map(async (registry) => {
      const { name } = registry
      const listed = (await catalogOf(registry).catalog.repositories(name))?.value.sorted ?? []
      return listed.map((repository) => ({ registry: name, repository }))
    }),
  )
  const places = new Map([...near, ...seen.flat()].map((place) => [`${place.registry}/${place.repository}`, place]))
  return holding(actor, [...places.values()].slice(0, MOST), digest, false)
}

/** @param asksLists whether those without it are asked if they have anything */
async function holding(
  actor: Actor,
  places: readonly Place[],
  selector: Selector,
  asksLists: boolean,
): Promise<Located> {
  const signal = AbortSignal.timeout(PATIENCE)
  const allowed = places.filter((place) => allows(actor, 'browse', place))
  const answers = await mapConcurrent(allowed, async (place) => {
    const answer = await has(actor, place, selector, signal)
    return answer === 'no' && asksLists && (await isThere(actor, place, signal)) ? 'lacking' : answer
  })
  const withAnswer = (answer: Answer) => allowed.filter((_, i) => answers[i] === answer)
  return {
    places: withAnswer('yes'),
    lacking: withAnswer('lacking'),
    failed: [...new Set(withAnswer('none').map(({ registry }) => registry))],
  }
}

type Answer = 'yes' | 'lacking' | 'no' | 'none'

/** A refusal is a no: some registries answer so about what they don't have. */
async function has(actor: Actor, place: Place, selector: Selector, signal: AbortSignal): Promise<Answer> {
  try {
    await openRepository(actor, 'browse', place).resolve(selector, { signal })
    return 'yes'
  } catch (error) {
    return signal.aborted || isOutage(error) ? 'none' : 'no'
  }
}

/** What lists a tag is there; that lists of nothing prove no absence doesn't matter here. */
async function isThere(actor: Actor, place: Place, signal: AbortSignal): Promise<boolean> {
  try {
    return (await collect(openRepository(actor, 'browse', place).tags({ signal }), 1)).items.length > 0
  } catch {
    return false
  }
}

function isHostOf({ publicHost, location }: Registry, host: string): boolean {
  return [publicHost, URL.parse(location)?.host].some((name) => name?.toLowerCase() === host.toLowerCase())
}

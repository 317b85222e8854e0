import 'server-only'
import type { Actor } from '../../access/actor.ts'
import { allows } from '../../access/authorize.ts'
import { catalogOf } from '../../catalog/the-catalog.ts'
import { isDigest } from '../../oci/digest.ts'
import { parseFullReference, parseReference, selectorOf } from '../../oci/reference.ts'
import { manifestHref } from '../../routes/href.ts'
import { visibleRegistries, visibleRegistry } from '../registries/registries.ts'
import type { AboutView } from './about.ts'

/**
 * Where the base image's page is; undefined where its registry isn't configured, or the actor may not see it. A name
 * without a host means Docker Hub, unless the image's own registry is known to have such a repository.
 * @param registry of the image itself
 */
export async function baseImageHref(
  actor: Actor,
  registry: string,
  { name, digest }: NonNullable<AboutView['base']>,
): Promise<string | undefined> {
  const place = name && (await baseImagePlace(actor, registry, name))
  return place ? manifestHref(place, isDigest(digest) ? digest : place.selector) : undefined
}

/** The same image as a place. */
export async function baseImagePlace(actor: Actor, registry: string, name: string) {
  const place = (await besides(actor, registry, name)) ?? elsewhere(actor, name)
  return place && allows(actor, 'browse', place) ? place : undefined
}

function elsewhere(actor: Actor, name: string) {
  const reference = attemptToRead(parseFullReference, name)
  const registry = visibleRegistries(actor).find(({ publicHost }) => publicHost === reference?.host)?.name
  return reference && registry && { registry, repository: reference.repository, selector: selectorOf(reference) }
}

async function besides(actor: Actor, registry: string, name: string) {
  const reference = attemptToRead(parseReference, name)
  if (!reference || !allows(actor, 'browse', { registry, repository: reference.repository })) return undefined
  const listed = await catalogOf(visibleRegistry(actor, registry)).catalog.repositories(registry)
  if (!listed?.value.sorted.includes(reference.repository)) return undefined
  return { registry, repository: reference.repository, selector: selectorOf(reference) }
}

function attemptToRead<T>(parse: (text: string) => T, text: string): T | undefined {
  try {
    return parse(text)
  } catch {
    return undefined
  }
}

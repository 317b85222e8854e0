import 'server-only'
import type { Actor } from '../../access/actor.ts'
import { allows } from '../../access/authorize.ts'
import { isDigest } from '../../oci/digest.ts'
import { parseFullReference, selectorOf } from '../../oci/reference.ts'
import { manifestHref } from '../../routes/href.ts'
import { visibleRegistries } from '../registries/registries.ts'
import type { AboutView } from './about.ts'

/** Where the base image's page is; undefined where its registry isn't configured, or the actor may not see it. */
export function baseImageHref(actor: Actor, base: NonNullable<AboutView['base']>): string | undefined {
  const reference = base.name && readReference(base.name)
  if (!reference) return undefined
  const { host, repository } = reference
  const registry = visibleRegistries(actor).find(({ publicHost }) => publicHost === host)?.name
  if (!registry || !allows(actor, 'browse', { registry, repository })) return undefined
  return manifestHref(registry, repository, isDigest(base.digest) ? base.digest : selectorOf(reference))
}

function readReference(name: string) {
  try {
    return parseFullReference(name)
  } catch {
    return undefined
  }
}

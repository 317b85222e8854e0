import 'server-only'
import type { Actor } from '../../access/actor.ts'
import { allows } from '../../access/authorize.ts'
import { catalogOf } from '../../catalog/the-catalog.ts'
import { ownValue } from '../../format/own-value.ts'
import type { Place } from '../../oci/place.ts'
import type { Tag } from '../../oci/reference.ts'
import { isRegistryError } from '../../registry/errors.ts'
import { shownProtection } from '../protection/shown-protection.ts'
import { openRepository } from '../registries/open.ts'
import { readForChange } from './needs-registry.ts'

/** What a tag currently points at. */
export type TagState = { readonly readOnly: boolean } & (
  | { readonly exists: false }
  | {
      readonly exists: true
      readonly digest: string
      readonly mediaType: string
      readonly mayOverwrite: boolean
      /** Other tags that were last seen on the same digest, highest version first. */
      readonly also: readonly string[]
      /** The rule that protects the tag. */
      readonly protectedBy?: string
      /** Whether the actor may move it all the same, with a reason. */
      readonly mayOverride: boolean
    }
)

/** Always asks the registry, never a cache: a change depends on it. @throws RegistryError, AccessError */
export async function readTagState(
  actor: Actor,
  place: Place,
  tag: Tag,
  verb: 'browse' | 'create-tag' = 'browse',
): Promise<TagState> {
  const { readOnly } = actor
  const opened = openRepository(actor, verb, { ...place, tag })
  try {
    const { digest, mediaType } = await readForChange(opened, () => opened.resolve(tag))
    const mayOverwrite = allows(actor, 'overwrite-tag', { ...place, tag })
    const seen = (await catalogOf(opened.registry).catalog.tagsOn(place, [digest])).get(digest) ?? []
    const also = seen.map(({ value }) => value).filter((other) => other !== tag)
    const protectedBy = ownValue(await shownProtection(place, [tag]), tag)
    const mayOverride = allows(actor, 'manage', place)
    const state = { readOnly, exists: true, digest, mediaType, mayOverwrite, also, mayOverride } as const
    return { ...state, ...(protectedBy !== undefined && { protectedBy }) }
  } catch (error) {
    if (isRegistryError(error, 'not-found')) return { readOnly, exists: false }
    throw error
  }
}

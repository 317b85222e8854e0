import 'server-only'
import type { Actor } from '../../access/actor.ts'
import type { Place } from '../../oci/place.ts'
import type { Tag } from '../../oci/reference.ts'
import { readTagState, type TagState } from '../changes/tag-state.ts'
import { writableRegistries } from '../registries/registries.ts'

/** The registries in which the actor may make tags, at least in some repository. */
export function copyTargets(actor: Actor): string[] {
  return writableRegistries(actor).map(({ name }) => name)
}

/** What a copy would find at its destination. @throws AccessError, RegistryError */
export async function readDestination(actor: Actor, place: Place, tag: Tag): Promise<TagState> {
  return readTagState(actor, place, tag, 'create-tag')
}

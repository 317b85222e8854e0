import 'server-only'
import type { Actor } from '../../access/actor.ts'
import { authorize } from '../../access/authorize.ts'
import type { RepositoryName, Tag } from '../../oci/reference.ts'
import { readTagState, type TagState } from '../changes/change-tags.ts'
import { writableRegistries } from '../registries/registries.ts'

/** The registries in which the actor may make tags, at least in some repository. */
export function copyTargets(actor: Actor): string[] {
  return writableRegistries(actor).map(({ name }) => name)
}

/** What a copy would find at its destination. @throws AccessError, RegistryError */
export async function readDestination(
  actor: Actor,
  scope: { readonly registry: string; readonly repository: RepositoryName },
  tag: Tag,
): Promise<TagState> {
  authorize(actor, 'create-tag', { ...scope, tag })
  return readTagState(actor, scope, tag)
}

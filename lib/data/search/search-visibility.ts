import type { Actor } from '../../access/actor.ts'
import { readableGlobs } from '../../access/authorize.ts'
import type { Visibility } from '../../catalog/database/visibility.ts'
import { recordedRegistries } from '../registries/registries.ts'

/** Where the actor may do something that changes nothing: the same as `authorize` says for each repository. */
export function searchVisibility(actor: Actor, verb: 'browse' | 'export' = 'browse'): Visibility {
  return new Map(recordedRegistries(actor).map(({ name }) => [name, readableGlobs(actor, verb, name)]))
}

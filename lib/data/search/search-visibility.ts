import type { Actor } from '../../access/actor.ts'
import { readableGlobs } from '../../access/authorize.ts'
import type { Visibility } from '../../catalog/database/visibility.ts'
import { visibleRegistries } from '../registries/registries.ts'

/** What the actor may browse, for the catalog's queries: the same as `authorize` says for each repository. */
export function searchVisibility(actor: Actor): Visibility {
  return new Map(visibleRegistries(actor).map(({ name }) => [name, readableGlobs(actor, 'browse', name)]))
}

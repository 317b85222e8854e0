import 'server-only'
import type { Actor } from '../../access/actor.ts'
import { catalogOf } from '../../catalog/the-catalog.ts'
import type { Place } from '../../oci/place.ts'
import { openRepository } from '../registries/open.ts'

export interface TagProgress {
  /** Tags that are known of those listed so far. */
  readonly done: number
  readonly total: number
  readonly isListing: boolean
}

const EVERY = 200

/**
 * Reports as the tags of a repository are listed and, where that is wanted, resolved. Both go on while somebody follows.
 * @throws RegistryError when the registry did not answer for some, AccessError
 */
export async function* followTags(
  actor: Actor,
  place: Place,
  { resolve, signal }: { resolve: boolean; signal: AbortSignal },
): AsyncGenerator<TagProgress> {
  const repository = openRepository(actor, 'browse', place)
  for await (const { known, total, isListing } of catalogOf(repository.registry).followTags(repository, {
    resolve,
    every: EVERY,
    signal,
  }))
    yield { done: known, total, isListing }
}

import type { Kysely } from 'kysely'
import type { Place } from '../../oci/place.ts'
import type { Tables } from '../../store/tables.ts'

/** Known facts about a repository as a whole. */
export type RepositoryState = NonNullable<Awaited<ReturnType<typeof readState>>>

/** Undefined for one that nothing is known of. */
export function repositoryState(db: Kysely<Tables>, place: Place): Promise<RepositoryState | undefined> {
  return readState(db, place)
}

function readState(db: Kysely<Tables>, { registry, repository }: Place) {
  return db
    .selectFrom('repository')
    .innerJoin('registry', 'registry.id', 'repository.registry_id')
    .select([
      'repository.id',
      'repository.generation',
      'repository.list_seen',
      'repository.list_generation',
      'repository.list_partial',
      'repository.list_hash',
      'repository.folded',
    ])
    .where('registry.name', '=', registry)
    .where('repository.name', '=', repository)
    .where('repository.gone_at', 'is', null)
    .executeTakeFirst()
}

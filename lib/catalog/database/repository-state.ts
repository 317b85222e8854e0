import type { Kysely } from 'kysely'
import type { Place } from '../../oci/place.ts'
import type { Store } from '../../store/store.ts'
import type { Tables } from '../../store/tables.ts'

/** Known facts about a repository as a whole. */
export type RepositoryState = NonNullable<Awaited<ReturnType<typeof repositoryState>>>

/** Undefined for one that nothing is known of. */
export function repositoryState(db: Kysely<Tables>, { registry, repository }: Place) {
  return states(db).where('registry.name', '=', registry).where('repository.name', '=', repository).executeTakeFirst()
}

/** Of each of the places, in their order. */
export async function repositoryStates(
  { read, dialect }: Store,
  places: readonly Place[],
): Promise<readonly (RepositoryState | undefined)[]> {
  const rows = await states(read)
    .select(['registry.name as registry', 'repository.name'])
    .where((eb) => dialect.isOneOfTexts(eb.ref('registry.name'), [...new Set(places.map(({ registry }) => registry))]))
    .where((eb) =>
      dialect.isOneOfTexts(
        eb.ref('repository.name'),
        places.map(({ repository }) => repository),
      ),
    )
    .execute()
  const found = new Map(rows.map((row) => [`${row.registry}/${row.name}`, row]))
  return places.map(({ registry, repository }) => found.get(`${registry}/${repository}`))
}

function states(db: Kysely<Tables>) {
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
    .where('repository.gone_at', 'is', null)
}

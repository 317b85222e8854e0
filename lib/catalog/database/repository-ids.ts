import { type Kysely, sql } from 'kysely'
import type { Place } from '../../oci/place.ts'
import { intern } from '../../store/insert-missing.ts'
import type { Store } from '../../store/store.ts'
import type { StoreDialect } from '../../store/store-dialect.ts'
import type { Tables } from '../../store/tables.ts'
import { transact } from '../../store/transact.ts'

/** The ids of repositories by name, made where they are missing. @throws StoreError */
export async function recordRepositories(
  store: Store,
  registry: string,
  names: readonly string[],
  at: number,
): Promise<readonly number[]> {
  return transact(store, (db) => repositoryIds(db, store.dialect, registry, names, at))
}

/** The id of a repository, made known where it isn't. */
export async function repositoryId(
  db: Kysely<Tables>,
  dialect: StoreDialect,
  place: Place,
  at: number,
): Promise<number> {
  const known = await knownRepositoryId(db, place)
  if (known !== undefined) return known
  const [id] = await repositoryIds(db, dialect, place.registry, [place.repository], at)
  return id as number
}

/** The id of a repository that the catalog knows and that still exists. */
export async function knownRepositoryId(
  db: Kysely<Tables>,
  { registry, repository }: Place,
): Promise<number | undefined> {
  const row = await db
    .selectFrom('repository')
    .innerJoin('registry', 'registry.id', 'repository.registry_id')
    .select('repository.id')
    .where('registry.name', '=', registry)
    .where('repository.name', '=', repository)
    .where('repository.gone_at', 'is', null)
    .executeTakeFirst()
  return row?.id
}

/** Ids by name, within a transaction. */
export async function repositoryIds(
  db: Kysely<Tables>,
  dialect: StoreDialect,
  registry: string,
  names: readonly string[],
  at: number,
): Promise<readonly number[]> {
  const [registryId] = await intern(
    db,
    dialect,
    { table: 'registry', columns: { name: 'text' }, rows: [[registry]] },
    1,
  )
  const ids = await intern(
    db,
    dialect,
    {
      table: 'repository',
      columns: { registry_id: 'int', name: 'text', first_seen: 'bigint', last_seen: 'bigint' },
      rows: names.map((name) => [registryId as number, name, at, at]),
    },
    2,
  )
  await sql`
    update repository set last_seen = ${at}, gone_at = null where ${dialect.isOneOf(sql.ref('id'), ids)}`.execute(db)
  await sql`
    update catalog_state set version = version + 1, repository_version = repository_version + 1`.execute(db)
  return ids
}

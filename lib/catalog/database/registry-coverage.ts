import { sql } from 'kysely'
import type { CatalogDatabase } from './catalog-database.ts'
import type { Visibility } from './visibility.ts'

/** How much of a registry has been recorded. */
export interface RegistryCoverage {
  /** The repositories that are known, and whether each has been read: a tag of it, or that it has none. */
  readonly repositories: ReadonlyMap<string, boolean>
  /** When the last sync ended; milliseconds since the epoch. */
  readonly syncedAt?: number
}

/** For each registry of the visibility, also one in which nothing is visible. @throws StoreError */
export async function registryCoverage(
  { store, repositories }: CatalogDatabase,
  visibility: Visibility,
): Promise<ReadonlyMap<string, RegistryCoverage>> {
  const visible = await repositories.visible(visibility)
  const { rows } = await sql<{ id: number }>`
    select r.id from repository r
    where r.gone_at is null and (
      (r.tags_complete = 1 and not exists (select 1 from tag t where t.repository_id = r.id))
      or exists (select 1 from tag t where t.repository_id = r.id and t.manifest_id is not null)
    )`.execute(store.read)
  const read = new Set(rows.map(({ id }) => id))
  const synced = await lastSyncs(store)
  const listed = Map.groupBy(visible.list, ({ registry }) => registry)
  return new Map(
    Array.from(visibility.keys(), (registry) => {
      const syncedAt = synced.get(registry)
      const known = new Map((listed.get(registry) ?? []).map(({ id, name }) => [name as string, read.has(id)]))
      return [registry, { repositories: known, ...(syncedAt !== undefined && { syncedAt }) }]
    }),
  )
}

async function lastSyncs({ read }: CatalogDatabase['store']): Promise<ReadonlyMap<string, number>> {
  const rows = await read
    .selectFrom('sync_run')
    .innerJoin('registry', 'registry.id', 'sync_run.registry_id')
    .select(({ fn }) => ['registry.name', fn.max('ended_at').as('ended')])
    .where('state', 'in', ['complete', 'partial'])
    .groupBy('registry.name')
    .execute()
  return new Map(rows.flatMap(({ name, ended }) => (ended === null ? [] : [[name, Number(ended)]])))
}

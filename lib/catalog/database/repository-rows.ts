import { sql } from 'kysely'
import type { Place } from '../../oci/place.ts'
import type { CatalogDatabase } from './catalog-database.ts'
import { type NewestDetails, newestDetails } from './newest-details.ts'
import { NEWEST_TAG_FIRST } from './tag-order-by.ts'
import type { Visibility } from './visibility.ts'

export interface RepositoryRow extends Place {
  /** As far as its tags have been listed. */
  readonly tags: number
  /** Tags that have been read. Less than `tags`: everything below is "so far". */
  readonly read: number
  /** The tag whose image was created last. Milliseconds since the epoch; bytes. */
  readonly newest?: { readonly tag: string; readonly created: number; readonly size?: number } & NewestDetails
  /** When one of its tags moved last. */
  readonly movedAt?: number
  /** When its tags were last listed, and whether that list was complete. */
  readonly listedAt?: number
  readonly isComplete: boolean
}

/** Rows for a table of repositories. @param names in the order of the rows; those that aren't visible are left out */
export async function repositoryRows(
  { store, repositories }: CatalogDatabase,
  {
    visibility,
    registry,
    names,
  }: { readonly visibility: Visibility; readonly registry: string; readonly names: readonly string[] },
): Promise<RepositoryRow[]> {
  const visible = await repositories.visible(visibility)
  const wanted = new Set(names)
  const found = visible.list.filter((repository) => repository.registry === registry && wanted.has(repository.name))
  if (found.length === 0) return []
  const isOneOf = (column: string) =>
    store.dialect.isOneOf(
      sql.ref(column),
      found.map(({ id }) => id),
    )
  const { rows } = await sql<Row>`
    select r.id, r.tags_seen, r.tags_complete, c.tags, c.done, c.moved_at, n.id as tag, n.name, n.created, n.size
    from repository r
    left join (
      select repository_id, count(*) as tags, count(manifest_id) as done, max(moved_at) as moved_at
      from tag where ${isOneOf('repository_id')} group by repository_id
    ) c on c.repository_id = r.id
    left join tag n on n.id = (
      select t.id from tag t where t.repository_id = r.id and t.created >= 0
      order by ${NEWEST_TAG_FIRST} limit 1
    )
    where ${isOneOf('r.id')}`.execute(store.read)
  const details = await newestDetails(
    store,
    rows.flatMap(({ tag }) => tag ?? []),
  )
  const byName = new Map(
    rows.flatMap((row) => {
      const repository = visible.byId.get(row.id)
      const newest = row.tag === null ? undefined : details.get(row.tag)
      return repository
        ? [[repository.name as string, rowOf(row, { registry, repository: repository.name }, newest)]]
        : []
    }),
  )
  return names.flatMap((name) => byName.get(name) ?? [])
}

interface Row {
  readonly id: number
  readonly tags_seen: number | null
  readonly tags_complete: number
  readonly tags: number | null
  readonly done: number | null
  readonly moved_at: number | null
  readonly tag: number | null
  readonly name: string | null
  readonly created: number | null
  readonly size: number | null
}

function rowOf(row: Row, place: Place, details: NewestDetails = { platforms: [] }): RepositoryRow {
  const size = row.size !== null && row.size >= 0 ? { size: row.size } : {}
  return {
    ...place,
    tags: row.tags ?? 0,
    read: row.done ?? 0,
    ...(row.name !== null &&
      row.created !== null && { newest: { tag: row.name, created: row.created, ...size, ...details } }),
    ...(row.moved_at !== null && row.moved_at >= 0 && { movedAt: row.moved_at }),
    ...(row.tags_seen !== null && { listedAt: row.tags_seen }),
    isComplete: row.tags_complete === 1,
  }
}

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
  const found = visible.of(registry).list.filter(({ name }) => wanted.has(name))
  if (found.length === 0) return []
  const isOneOf = (column: string) =>
    store.dialect.isOneOf(
      sql.ref(column),
      found.map(({ id }) => id),
    )
  // In steps of their own: joined to its tag, PostgreSQL looks for each repository's newest twice.
  const [{ rows }, { rows: counts }] = await Promise.all([
    sql<Row>`
      select r.id, r.tags_seen, r.tags_complete, (
        select t.id from tag t where t.repository_id = r.id and t.created >= 0
        order by ${NEWEST_TAG_FIRST} limit 1
      ) as newest
      from repository r where ${isOneOf('r.id')}`.execute(store.read),
    sql<Counts>`
      select repository_id, count(*) as tags, count(manifest_id) as done, max(moved_at) as moved_at
      from tag where ${isOneOf('repository_id')} group by repository_id`.execute(store.read),
  ])
  const ids = rows.flatMap(({ newest }) => newest ?? [])
  const [{ rows: newest }, details] = await Promise.all([
    sql<Newest>`
      select t.id, t.name, t.created, t.size from tag t
      where ${store.dialect.isOneOf(sql.ref('t.id'), ids)}`.execute(store.read),
    newestDetails(store, ids),
  ])
  const countsOf = new Map(counts.map((row) => [row.repository_id, row]))
  const newestOf = new Map(newest.map((row) => [row.id, { ...row, details: details.get(row.id) }]))
  const byName = new Map(
    rows.flatMap((row) => {
      const repository = visible.byId.get(row.id)
      if (!repository) return []
      const place = { registry, repository: repository.name }
      const shown = rowOf(row, place, countsOf.get(row.id), row.newest === null ? undefined : newestOf.get(row.newest))
      return [[repository.name as string, shown]]
    }),
  )
  return names.flatMap((name) => byName.get(name) ?? [])
}

interface Row {
  readonly id: number
  readonly tags_seen: number | null
  readonly tags_complete: number
  /** The id of the newest tag. */
  readonly newest: number | null
}

interface Counts {
  readonly repository_id: number
  readonly tags: number
  readonly done: number
  readonly moved_at: number
}

interface Newest {
  readonly id: number
  readonly name: string
  readonly created: number
  readonly size: number
  /** Looked up apart. */
  readonly details?: NewestDetails | undefined
}

function rowOf(
  row: Row,
  place: Place,
  { tags, done, moved_at: movedAt }: Omit<Counts, 'repository_id'> = { tags: 0, done: 0, moved_at: -1 },
  newest?: Newest,
): RepositoryRow {
  return {
    ...place,
    tags,
    read: done,
    ...(newest && { newest: newestTag(newest) }),
    ...(movedAt >= 0 && { movedAt }),
    ...(row.tags_seen !== null && { listedAt: row.tags_seen }),
    isComplete: row.tags_complete === 1,
  }
}

function newestTag({ name, created, size, details = { platforms: [] } }: Newest) {
  return { tag: name, created, ...(size >= 0 && { size }), ...details }
}

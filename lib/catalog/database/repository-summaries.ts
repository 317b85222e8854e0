import { sql } from 'kysely'
import { ATTACHED } from './attached.ts'
import type { CatalogDatabase } from './catalog-database.ts'
import { NEWEST_TAG_FIRST } from './tag-order-by.ts'

/** The fields that repositories are sorted by. */
export interface RepositorySummary {
  readonly tags: number
  /** Of the tag whose image was created last. Absent: unknown. */
  readonly created?: number
  readonly size?: number
  readonly signed?: boolean
}

/**
 * Of every repository of a registry, by name, computed once for all readers: each looks up only visible ones.
 * @throws StoreError
 */
export async function repositorySummaries(
  { store: { read, dialect } }: CatalogDatabase,
  registry: string,
): Promise<ReadonlyMap<string, RepositorySummary>> {
  // In steps of their own: joined to its tag, PostgreSQL looks for each repository's newest twice.
  const [{ rows: repositories }, counted] = await Promise.all([
    sql<{ id: number; name: string; newest: number | null }>`
      select r.id, r.name, (
        select t.id from tag t where t.repository_id = r.id and t.created >= 0
        order by ${NEWEST_TAG_FIRST} limit 1
      ) as newest
      from repository r
      where r.registry_id = (select id from registry where name = ${registry}) and r.gone_at is null`.execute(read),
    read
      .selectFrom('tag')
      .select(['repository_id', (eb) => eb.fn.countAll<number>().as('tags')])
      .groupBy('repository_id')
      .execute(),
  ])
  const ids = repositories.flatMap(({ newest }) => newest ?? [])
  const { rows } = await sql<{ id: number; created: number; size: number; signature: number | boolean | null }>`
    select n.id, n.created, n.size, (n.attached & ${ATTACHED.signature}) > 0 as signature
    from tag n where ${dialect.isOneOf(sql.ref('n.id'), ids)}`.execute(read)
  const tags = new Map(counted.map(({ repository_id: id, tags }) => [id, tags]))
  const byTag = new Map(rows.map((row) => [row.id, row]))
  return new Map(
    repositories.map(({ id, name, newest }) => {
      const tag = newest === null ? undefined : byTag.get(newest)
      return [name, { tags: tags.get(id) ?? 0, ...(tag && factsOf(tag)) }]
    }),
  )
}

function factsOf({ created, size, signature }: { created: number; size: number; signature: number | boolean | null }) {
  return { created, ...(size >= 0 && { size }), ...(signature !== null && { signed: Boolean(signature) }) }
}

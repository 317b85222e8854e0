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
  { store: { read } }: CatalogDatabase,
  registry: string,
): Promise<ReadonlyMap<string, RepositorySummary>> {
  const { rows } = await sql<{
    name: string
    tags: number | null
    created: number | null
    size: number | null
    signature: number | boolean | null
  }>`
    select r.name, c.tags, n.created, n.size, (n.attached & ${ATTACHED.signature}) > 0 as signature
    from repository r
    left join (select repository_id, count(*) as tags from tag group by repository_id) c on c.repository_id = r.id
    left join tag n on n.id = (
      select t.id from tag t where t.repository_id = r.id and t.created >= 0
      order by ${NEWEST_TAG_FIRST} limit 1
    )
    where r.registry_id = (select id from registry where name = ${registry}) and r.gone_at is null`.execute(read)
  return new Map(
    rows.map(({ name, tags, created, size, signature }) => [
      name,
      {
        tags: tags ?? 0,
        ...(created !== null && { created }),
        ...(size !== null && size >= 0 && { size }),
        ...(signature !== null && { signed: Boolean(signature) }),
      },
    ]),
  )
}

import { sql } from 'kysely'
import type { CatalogDatabase } from './catalog-database.ts'
import type { TagEvent } from './tag-events.ts'
import type { Visibility } from './visibility.ts'

/** Those of these events after which nothing has happened to their tag. @throws StoreError */
export async function latestEvents(
  database: CatalogDatabase,
  visibility: Visibility,
  events: readonly TagEvent[],
): Promise<ReadonlySet<TagEvent>> {
  if (events.length === 0) return new Set()
  const { list } = await database.repositories.visible(visibility)
  const places = new Set(events.map(({ registry, repository }) => `${registry}/${repository}`))
  const known = list.filter(({ registry, name }) => places.has(`${registry}/${name}`))
  const names = new Map(known.map(({ id, registry, name }) => [id, `${registry}/${name}`]))
  const { read, dialect } = database.store
  const { rows } = await sql<{ repository_id: number; tag: string; at: number }>`
    select repository_id, tag, max(at) as at from tag_event
    where ${dialect.isOneOf(sql.ref('repository_id'), [...names.keys()])}
    and at >= ${Math.min(...events.map(({ at }) => at))}
    and ${dialect.isOneOfTexts(
      sql.ref('tag'),
      events.map(({ tag }) => tag),
    )}
    group by repository_id, tag`.execute(read)
  const latest = new Map(rows.map((row) => [`${names.get(row.repository_id)}:${row.tag}`, Number(row.at)]))
  return new Set(
    events.filter(({ registry, repository, tag, at }) => latest.get(`${registry}/${repository}:${tag}`) === at),
  )
}

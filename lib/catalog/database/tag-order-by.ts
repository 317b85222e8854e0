import { type RawBuilder, sql } from 'kysely'
import type { SortDirection, TagSortKey } from '../../image/inspect/tags.ts'

/**
 * The orders of `sortTags`, for tags `t`: what is unknown stands last in both directions, ties go by version, then by
 * name. Numbers of versions begin at U+0100 (`versionKey`), so that what isn't a version is below all of them.
 */
export function tagOrderBy(sort: TagSortKey, direction: SortDirection): RawBuilder<unknown> {
  const way = direction === 'asc' ? sql`asc` : sql`desc`
  switch (sort) {
    case 'name':
      return sql`t.name ${way}`
    case 'version':
      // Downwards the index has this very order.
      return direction === 'desc'
        ? sql`t.version_key desc, t.name asc`
        : sql`case when t.version_key < ${'\u0100'} then 1 else 0 end, t.version_key asc, t.name asc`
    case 'created':
    case 'size': {
      // An unreadable tag may have been read before.
      const value = sql`case when t.error is null then t.${sql.raw(sort)} else -1 end`
      return sql`case when ${value} < 0 then 1 else 0 end, ${value} ${way}, t.version_key asc, t.name asc`
    }
  }
}

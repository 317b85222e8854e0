import { type RawBuilder, type SqlBool, sql } from 'kysely'
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

/**
 * The tags `t` of one repository where several are listed below each other: the highest version first, what isn't a
 * version behind those, and last what the registry didn't list. Backwards `tag_by_version` has this very order.
 */
export const IN_REPOSITORY = sql`t.listed desc, t.version_key desc, t.name desc`

export interface TagInRepository {
  readonly name: string
  readonly listed: number
  readonly version_key: string
}

/** On `t`: what `IN_REPOSITORY` has behind a tag. */
export function isBehind({ listed, version_key: key, name }: TagInRepository): RawBuilder<SqlBool> {
  return sql`(t.listed, t.version_key, t.name) < (${listed}, ${key}, ${name})`
}

/** On `t`: a tag, and what is before it. Not the negation of the other, as databases look only comparisons up. */
export function isNotBehind({ listed, version_key: key, name }: TagInRepository): RawBuilder<SqlBool> {
  return sql`(t.listed, t.version_key, t.name) >= (${listed}, ${key}, ${name})`
}

/** The order of `IN_REPOSITORY`. */
export function compareInRepository(a: TagInRepository, b: TagInRepository): number {
  return b.listed - a.listed || descending(a.version_key, b.version_key) || descending(a.name, b.name)
}

export function descending(a: string, b: string): number {
  return a < b ? 1 : a > b ? -1 : 0
}

/**
 * For a tag that is shown with its age: the image that was created last. Of those created together, the highest version, by
 * its fullest name: `1.5.0` before `1.5`. The plus keeps PostgreSQL from walking the tags of all repositories in this order.
 */
export const NEWEST_TAG_FIRST = sql`
  t.created + 0 desc, t.version_key desc, case when t.version_key >= ${'\u0100'} then length(t.name) end desc, t.name asc`

/** U+0100 begins the numbers of a version, U+0002 ends those of a release (`versionKey`): `1.4.2`, not `1.4.2-rc.1`. */
const IS_RELEASE = sql<boolean>`(t.version_key >= ${'\u0100'} and t.version_key like ${'%\u0002%'} and t.name like '%.%')`

/**
 * The order in which the tags `t` of a repository stand for it, where it is described or pulled: the highest release,
 * else `latest`, else the newest. By date alone `pr-123` or a commit would often win. A single number is not a release:
 * it may be a date or the number of a build.
 */
export const LEAD_TAG_FIRST = sql`
  case when ${IS_RELEASE} then 0 when t.name = 'latest' then 1 else 2 end,
  case when ${IS_RELEASE} then t.version_key end desc,
  case when ${IS_RELEASE} then length(t.name) end desc,
  ${NEWEST_TAG_FIRST}`

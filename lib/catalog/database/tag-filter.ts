import { type RawBuilder, type SqlBool, sql } from 'kysely'
import { compileFilter } from '../../filter/compile-filter.ts'
import type { NameFilter } from '../../filter/name-filter.ts'
import type { Tag } from '../../oci/reference.ts'
import type { Store } from '../../store/store.ts'
import { likeOf } from './tag-names.ts'

const NAMES_AT_ONCE = 5_000

/** A filter as a condition on the tags `t` of one repository. @throws FormatError `pattern` */
export async function filterCondition(
  store: Store,
  repository: number,
  filter: NameFilter | undefined,
): Promise<RawBuilder<SqlBool>> {
  if (!filter) return sql<SqlBool>`1 = 1`
  const { dialect } = store
  if ('anyOf' in filter) return dialect.isOneOfTexts(sql.ref('t.name'), filter.anyOf)
  // The same mistakes are refused whichever way it is compared.
  const matches = compileFilter(filter)
  if ('pattern' in filter)
    return dialect.isOneOfTexts(sql.ref('t.name'), await matchingNames(store, repository, matches))
  const like =
    'words' in filter
      ? filter.words.flatMap((word) => likeOf({ is: 'contains', text: word }))
      : likeOf({ is: 'glob', text: filter.glob })
  // A glob with a slash in it stands for no tag.
  if (like.length === 0 && 'glob' in filter) return sql<SqlBool>`1 = 0`
  const conditions = like.map((pattern) => dialect.isLike(sql.ref('t.name'), pattern))
  return conditions.length === 0 ? sql<SqlBool>`1 = 1` : sql<SqlBool>`(${sql.join(conditions, sql` and `)})`
}

/** SQL's own regular expressions differ between databases, and take longer than linear time. */
async function matchingNames({ read }: Store, repository: number, matches: (name: string) => boolean) {
  const names: string[] = []
  const listed = read
    .selectFrom('tag')
    .select('name')
    .where('repository_id', '=', repository)
    .where('listed', '=', 1)
    .orderBy('name')
    .limit(NAMES_AT_ONCE)
  for (let last: Tag | undefined; ; ) {
    const rows = await (last === undefined ? listed : listed.where('name', '>', last)).execute()
    for (const { name } of rows) if (matches(name)) names.push(name)
    const end = rows.at(-1)
    if (!end || rows.length < NAMES_AT_ONCE) return names
    last = end.name
  }
}

import { sql } from 'kysely'
import { compileAnyText } from '../../filter/match-text.ts'
import type { TextMatch } from '../../filter/query.ts'
import { escapeLike } from '../../store/escape-like.ts'
import type { Store } from '../../store/store.ts'

/** Tags by name: the names themselves unless they are many, then SQL patterns. */
export type TagCondition = { readonly names: readonly string[] } | { readonly like: readonly string[] }

/** Names that a condition lists. More are compared by pattern. */
const MOST_LISTED = 500
/** Distinct names that a regular expression is tried on. */
const MOST_TRIED = 200_000
const NAMES_AT_ONCE = 5_000
const LONG = 60

/** The names of tags that any of the texts stands for. `isPartial`: more names than are tried. */
export async function tagNames(
  store: Store,
  anyOf: readonly TextMatch[],
): Promise<{ readonly condition: TagCondition; readonly isPartial: boolean }> {
  if (anyOf.some(({ is }) => is === 'pattern')) return tryNames(store, anyOf)
  const patterns = anyOf.flatMap(likeOf)
  if (patterns.length === 0) return { condition: { names: [] }, isPartial: false }
  if (patterns.includes('%') || patterns.includes('%%')) return { condition: { like: ['%'] }, isPartial: false }
  // What is that long is compared with each tag: looking through all names for it takes longer.
  if (patterns.some(({ length }) => length > LONG)) return { condition: { like: patterns }, isPartial: false }
  const isLike = patterns.map((pattern) => store.dialect.isLike(sql.ref('name'), pattern))
  const { rows } = await sql<{ name: string }>`
    select name from tag_name where ${sql.join(isLike, sql` or `)} limit ${MOST_LISTED + 1}`.execute(store.read)
  const isShort = rows.length <= MOST_LISTED
  return { condition: isShort ? { names: rows.map(({ name }) => name) } : { like: patterns }, isPartial: false }
}

/** SQL's own regular expressions differ between databases, and take longer than linear time. */
async function tryNames({ read }: Store, anyOf: readonly TextMatch[]) {
  const matches = compileAnyText(anyOf, { ignoreCase: true })
  const names: string[] = []
  let tried = 0
  for (let last = ''; tried < MOST_TRIED; ) {
    const rows = await read
      .selectFrom('tag_name')
      .select('name')
      .where('name', '>', last)
      .orderBy('name')
      .limit(NAMES_AT_ONCE)
      .execute()
    for (const { name } of rows) if (matches(name)) names.push(name)
    tried += rows.length
    const end = rows.at(-1)
    if (!end || rows.length < NAMES_AT_ONCE) return { condition: { names }, isPartial: false }
    last = end.name
  }
  return { condition: { names }, isPartial: true }
}

/** As SQL's pattern, which is exact: a tag has no slash, so `**` and a slash match nothing and `*` anything. */
export function likeOf({ is, text }: TextMatch): string[] {
  if (is === 'contains') return [`%${escapeLike(text)}%`]
  if (is === 'exact') return [escapeLike(text)]
  const withoutSegments = text.replaceAll(/(^|(?<=\/))(?:\*\*\/)+/g, '')
  if (withoutSegments.includes('/')) return []
  return [
    withoutSegments
      .split(/(\*+|\?)/)
      .map((part) => (part.startsWith('*') ? '%' : part === '?' ? '_' : escapeLike(part)))
      .join(''),
  ]
}

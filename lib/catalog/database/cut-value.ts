import { sql } from 'kysely'

/** Characters of a label's value that a page may show: an image may have a value of three million. */
export const LONGEST_SHOWN = 1_000

/**
 * The value of the row `v` of `label_value`. Of one longer than `longest` characters, the beginning, and its hash behind,
 * so that two that begin alike stay different.
 */
export function cutValue(longest: number | undefined) {
  if (longest === undefined) return sql<string>`v.value`
  return sql<string>`case when length(v.value) > ${sql.lit(longest)} then substr(v.value, 1, ${sql.lit(longest)}) || v.hash else v.value end`
}

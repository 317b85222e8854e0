import { labelKeysOf, type Query } from '../../filter/query.ts'
import { type LabelsPageState, MOST_COLUMNS } from '../../routes/labels-page-query.ts'

/** Columns where none were chosen, unless the query names more keys. */
const USUAL_COLUMNS = 4

/**
 * The columns of a matrix: those that were chosen; else what the query names, and the most frequent keys as far as there
 * is room.
 * @param known the most frequent first
 */
export function chosenKeys(
  { keys }: Pick<LabelsPageState, 'keys'>,
  query: Query,
  known: readonly { readonly key: string }[],
): readonly string[] {
  const chosen = [...new Set(keys)].slice(0, MOST_COLUMNS)
  if (chosen.length > 0) return chosen
  const named = labelKeysOf(query).slice(0, MOST_COLUMNS)
  const frequent = known.map(({ key }) => key).filter((key) => !named.includes(key))
  return [...named, ...frequent.slice(0, Math.max(0, USUAL_COLUMNS - named.length))]
}

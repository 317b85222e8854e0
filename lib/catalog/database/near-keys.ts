import { nearWords } from '../../filter/near-words.ts'
import type { CatalogDatabase } from './catalog-database.ts'
import { labelKeys } from './label-keys.ts'
import type { Visibility } from './visibility.ts'

/** For keys that nothing has, those that were probably meant, among what somebody may see. */
export async function nearKeys(
  database: CatalogDatabase,
  unknown: readonly string[],
  visibility: Visibility,
): Promise<{ readonly key: string; readonly near: readonly string[] }[]> {
  if (unknown.length === 0) return []
  const known = (await labelKeys(database, visibility)).map(({ key }) => key)
  return [...new Set(unknown)].map((key) => ({ key, near: nearWords(key, known) }))
}

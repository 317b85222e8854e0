import { sql } from 'kysely'
import type { Policy } from '../../config/policy-file.ts'
import type { CatalogDatabase } from '../database/catalog-database.ts'
import type { VisibleRepositories } from '../database/repository-index.ts'
import { resolveQuery } from '../database/resolve-query.ts'
import { PolicyCheck } from './policy-check.ts'

interface Wanted {
  /** Ids of tags. */
  readonly tags: readonly number[]
  readonly keys: readonly string[]
  readonly visible: VisibleRepositories
  readonly now: number
}

/**
 * Labels of some tags that break a policy by what they say: by the tag's id and the key, what was asked for instead.
 * What is missing is not among them. @throws StoreError
 */
export async function invalidLabels(
  database: CatalogDatabase,
  policies: readonly Policy[],
  { tags, keys, visible, now }: Wanted,
): Promise<ReadonlyMap<number, ReadonlyMap<string, string>>> {
  const found = new Map<number, Map<string, string>>()
  for (const policy of policies.map((each) => narrowed(each, keys))) {
    if (policy.labels.length + policy.forbid.length === 0) continue
    const { query } = await resolveQuery(database, policy.query, visible.list)
    const check = await PolicyCheck.of(database.store, policy, { query, now })
    const { dialect } = database.store
    for (const { id, verdict } of await check.tags(dialect.isOneOf(sql.ref('t.id'), tags)))
      for (const { kind, key, expected } of verdict.findings) {
        if (kind === 'missing' || key === undefined) continue
        found.set(id, (found.get(id) ?? new Map()).set(key, expected))
      }
  }
  return found
}

/** The same policy about some keys only, whatever their age. */
function narrowed({ maxAge: _, ...policy }: Policy, keys: readonly string[]): Policy {
  const isShown = (key: string) => keys.includes(key)
  return { ...policy, labels: policy.labels.filter(({ key }) => isShown(key)), forbid: policy.forbid.filter(isShown) }
}

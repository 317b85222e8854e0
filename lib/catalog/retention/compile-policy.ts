import { sql } from 'kysely'
import { checkPatterns } from '../../filter/check-patterns.ts'
import { compileQuery } from '../../filter/evaluate-query.ts'
import { parseQuery } from '../../filter/parse-query.ts'
import { type Query, termsOf } from '../../filter/query.ts'
import type { CatalogDatabase } from '../database/catalog-database.ts'
import { isUnknown, queryCondition } from '../database/query-condition.ts'
import type { KnownRepository } from '../database/repository-index.ts'
import { resolveQuery } from '../database/resolve-query.ts'
import type { CompiledRule } from './evaluate-tags.ts'
import type { CatalogTag, RepositoryTags } from './read-repository-tags.ts'
import type { RetentionPolicy, RetentionRule } from './retention-policy.ts'

/** Known of every tag, whatever has been read of its image. */
const NAMES = ['registry', 'repo', 'tag', 'name']

export interface CompiledPolicy {
  /** The repositories in which it may be about a tag. */
  readonly repositories: readonly KnownRepository[]
  /** Whether it is about a tag of one of them. */
  readonly isAbout: (repository: KnownRepository, tag: string) => boolean
  /** The rules, for the tags of one repository. @throws StoreError */
  readonly rulesFor: (tags: RepositoryTags) => Promise<readonly CompiledRule<CatalogTag>[]>
  readonly withSignatures: boolean
}

/** @throws StoreError; FormatError for a policy that was never checked */
export async function compilePolicy(
  database: CatalogDatabase,
  { scope, rules }: RetentionPolicy,
  visible: readonly KnownRepository[],
  now: number,
): Promise<CompiledPolicy> {
  const inScope = compileQuery(queryOf(scope), now)
  const isIn = ({ registry, name }: KnownRepository, tag?: string) =>
    inScope({ registry, repository: name, has: {}, ...(tag !== undefined && { tag }) })
  const compiled = await Promise.all(rules.map((rule) => compileRule(database, rule, visible, now)))
  return {
    // Without a tag its terms are unknown, and only what can't be is left out.
    repositories: visible.filter((repository) => isIn(repository) !== false),
    isAbout: (repository, tag) => isIn(repository, tag) === true,
    rulesFor: async (tags) => Promise.all(rules.map(async (rule, at) => ({ rule, ...(await compiled[at]?.(tags)) }))),
    withSignatures: rules.some(({ keep }) => keep === 'signed'),
  }
}

type Finder = (tags: RepositoryTags) => Promise<Pick<CompiledRule<CatalogTag>, 'finds'>>

async function compileRule(
  database: CatalogDatabase,
  rule: RetentionRule,
  visible: readonly KnownRepository[],
  now: number,
): Promise<Finder> {
  const typed = rule.keep === 'matching' ? rule.query : rule.keep === 'last' ? rule.among : ''
  if (typed.trim() === '') return async () => ({})
  const query = queryOf(typed)
  if (termsOf(query).every(({ field }) => NAMES.includes(field))) {
    const test = compileQuery(query, now)
    return async ({ repository: { registry, name } }) => ({
      finds: (tag) => test({ registry, repository: name, tag: tag.name, has: {} }),
    })
  }
  const { query: resolved, partial } = await resolveQuery(database, query, visible)
  // If a pattern was tried on only some names, the others are unknown.
  if (partial) return async () => ({ finds: () => undefined })
  const { read, dialect } = database.store
  const condition = queryCondition(resolved, { dialect, now, tellsUnknown: true })
  return async ({ tags }) => {
    const verdicts = new Map<number, number>()
    for (let from = 0; from < tags.length; from += AT_ONCE) {
      const ids = tags.slice(from, from + AT_ONCE).map(({ id }) => id)
      const { rows } = await sql<{ id: number; verdict: number }>`
        select t.id, max(case when ${condition} then 2 when ${isUnknown(condition)} then 1 else 0 end) as verdict
        from tag t join manifest m on m.id = t.manifest_id join image i on i.manifest_id = m.id
        where ${dialect.isOneOf(sql.ref('t.id'), ids)} group by t.id`.execute(read)
      for (const { id, verdict } of rows) verdicts.set(id, Number(verdict))
    }
    return {
      finds: ({ id }) => {
        const verdict = verdicts.get(id)
        return verdict === 2 ? true : verdict === 0 ? false : undefined
      },
    }
  }
}

const AT_ONCE = 5_000

function queryOf(typed: string): Query {
  return checkPatterns(parseQuery(typed)).query
}

import { forReport } from '../../store/store.ts'
import type { CatalogDatabase } from '../database/catalog-database.ts'
import type { KnownRepository } from '../database/repository-index.ts'
import type { Visibility } from '../database/visibility.ts'
import { Turns } from '../memory/slices.ts'
import { compilePolicy } from './compile-policy.ts'
import { type Decided, decideTags, goingOf } from './decide-tags.ts'
import { PROTECTED } from './evaluate-tags.ts'
import { type ExplainedTag, type ExplainOptions, Explanation } from './explanation.ts'
import { type CatalogTag, readRepositoryTags } from './read-repository-tags.ts'
import type { RetentionPolicy } from './retention-policy.ts'
import { type RuleCount, VerdictCount } from './verdict-count.ts'

/** Protection rules that are named. */
const NAMED = 20

/** Says for a repository which protection rule keeps a tag. */
export type Protects = (repository: KnownRepository) => (tag: string) => string | undefined

export interface SimulationOptions {
  readonly visibility: Visibility
  readonly protects: Protects
  readonly now: number
  readonly signal?: AbortSignal | undefined
  /** What is in force, to be compared with. */
  readonly saved?: RetentionPolicy | undefined
  readonly explain?: ExplainOptions | undefined
  /** Told of every tag that goes, repository by repository. */
  readonly onGoing?: (repository: KnownRepository, tags: readonly CatalogTag[], isPartial: boolean) => void
}

export interface Simulation {
  readonly repositories: number
  readonly tags: number
  readonly going: number
  /** Images that go with all their tags, and those that lose some and stay. */
  readonly imagesGoing: number
  readonly imagesStaying: number
  /** Bytes; layers that images share are counted once for each. */
  readonly freesAtMost: number
  /** For each rule, the tags that it keeps, and those that no other one does. */
  readonly rules: readonly RuleCount[]
  readonly protected: RuleCount & { readonly names: readonly string[] }
  /** Tags that are kept only because a rule couldn't decide. */
  readonly unknown: number
  /** Tags of images that stay because an index does which lists them. */
  readonly asPlatforms: number
  /** Tags that go and aren't versions, and the names of the first. */
  readonly unversioned: { readonly going: number; readonly names: readonly string[] }
  /** Of the tags that stay. */
  readonly keptByOne: number
  readonly keptBySeveral: number
  readonly partialRepositories: number
  /** Against what is in force; absent without it. */
  readonly difference?: { readonly newlyGoing: number; readonly newlyKept: number }
  readonly explained: readonly ExplainedTag[]
  /** Tags that `explain` finds. */
  readonly matching: number
}

/**
 * What a policy would keep and delete, by what the catalog knows. Reads all its tags, and lets others have their turn.
 * @throws StoreError
 */
export async function simulate(
  database: CatalogDatabase,
  policy: RetentionPolicy,
  { visibility, protects, now, signal, saved, explain, onGoing }: SimulationOptions,
): Promise<Simulation> {
  const store = forReport(database.store)
  const visible = await database.repositories.visible(visibility)
  const compiled = await compilePolicy(database, policy, visible.list, now)
  const before = saved && (await compilePolicy(database, saved, visible.list, now))
  const repositories = before ? [...new Set([...compiled.repositories, ...before.repositories])] : compiled.repositories
  const count = new VerdictCount(policy.rules.length)
  const explanation = explain && new Explanation(explain)
  const names = new Set<string>()
  let [newlyGoing, newlyKept, partial] = [0, 0, 0]
  const turns = new Turns()
  const options = { withSignatures: compiled.withSignatures || before?.withSignatures === true, signal }
  for await (const all of readRepositoryTags(store, repositories, options)) {
    const { repository } = all
    const protectedBy = protects(repository)
    const isProtected = ({ name }: CatalogTag) => protectedBy(name) !== undefined
    const decided = await decideTags(store, compiled, all, { now, protects: isProtected })
    const decidedBefore = before && (await decideTags(store, before, all, { now, protects: isProtected }))
    const wasGoing = decidedBefore && new Set(goingOf(decidedBefore))
    const going = goingOf(decided)
    if (decided.tags.length > 0) {
      count.add(decided, all.tags)
      if (all.isPartial) partial++
      if (going.length > 0) onGoing?.(repository, going, all.isPartial)
      for (const name of protectedNames(decided)) if (names.size < NAMED) names.add(protectedBy(name) ?? '')
    }
    if (wasGoing) {
      const isGoing = new Set(going)
      newlyGoing += going.filter((tag) => !wasGoing.has(tag)).length
      newlyKept += [...wasGoing].filter((tag) => !isGoing.has(tag)).length
    }
    await explanation?.add(decided, all, { wasGoing, protectedBy })
    if (turns.isOver()) await turns.next()
  }
  return {
    ...count.result,
    protected: { ...count.protected, names: [...names].filter((name) => name !== '') },
    partialRepositories: partial,
    ...(before && { difference: { newlyGoing, newlyKept } }),
    explained: explanation?.tags ?? [],
    matching: explanation?.matching ?? 0,
  }
}

function* protectedNames({ tags, verdicts: { kept } }: Decided): Generator<string, void> {
  for (const [at, { name }] of tags.entries()) if (((kept[at] as number) & PROTECTED) !== 0) yield name
}

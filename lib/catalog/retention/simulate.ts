import type { Place } from '../../oci/place.ts'
import type { CatalogDatabase } from '../database/catalog-database.ts'
import type { KnownRepository } from '../database/repository-index.ts'
import type { Visibility } from '../database/visibility.ts'
import { Turns } from '../memory/slices.ts'
import { type CompiledPolicy, compilePolicy } from './compile-policy.ts'
import { evaluateTags, PROTECTED, rank, UNREAD, type Verdicts } from './evaluate-tags.ts'
import { type CatalogTag, type RepositoryTags, readRepositoryTags } from './read-repository-tags.ts'
import { lengthOf, type RetentionPolicy } from './retention-policy.ts'

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

export interface ExplainOptions {
  readonly matches: (tag: string) => boolean
  readonly show: 'any' | 'going' | 'new'
  readonly offset: number
  readonly limit: number
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

export interface RuleCount {
  readonly kept: number
  readonly only: number
}

export interface ExplainedTag extends Place {
  readonly id: number
  readonly tag: string
  readonly isKept: boolean
  readonly isNewlyGoing: boolean
  readonly created?: number
  readonly moved?: number
  /** The rule that protects it. */
  readonly protectedBy?: string
  readonly isUnread: boolean
  readonly reasons: readonly Reason[]
}

/** What one rule says of a tag, in the order of the rules. */
export interface Reason {
  readonly rule: number
  readonly says: 'kept' | 'unknown' | 'not kept'
  /** Of `last`: from 1, among those that are counted. */
  readonly rank?: number
  /** Of `newer`: when it ends; milliseconds since the epoch. */
  readonly until?: number
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
  const visible = await database.repositories.visible(visibility)
  const compiled = await compilePolicy(database, policy, visible.list, now)
  const before = saved && (await compilePolicy(database, saved, visible.list, now))
  const repositories = before ? [...new Set([...compiled.repositories, ...before.repositories])] : compiled.repositories
  const count = new Count(policy.rules.length)
  const explained: ExplainedTag[] = []
  const names = new Set<string>()
  let [newlyGoing, newlyKept, matching, partial] = [0, 0, 0, 0]
  const turns = new Turns()
  const options = { withSignatures: compiled.withSignatures || before?.withSignatures === true, signal }
  for await (const all of readRepositoryTags(database.store, repositories, options)) {
    const { repository } = all
    const protectedBy = protects(repository)
    const isProtected = ({ name }: CatalogTag) => protectedBy(name) !== undefined
    const decided = await decide(compiled, all, { now, protects: isProtected })
    const decidedBefore = before && (await decide(before, all, { now, protects: isProtected }))
    const wasGoing = decidedBefore && new Set(goingOf(decidedBefore))
    const going = goingOf(decided)
    if (decided.tags.length > 0) {
      count.add(decided)
      if (all.isPartial) partial++
      if (going.length > 0) onGoing?.(repository, going, all.isPartial)
      for (const [at, tag] of decided.tags.entries())
        if (((decided.verdicts.kept[at] as number) & PROTECTED) !== 0 && names.size < 20)
          names.add(protectedBy(tag.name) ?? '')
    }
    if (wasGoing) {
      const isGoing = new Set(going)
      newlyGoing += going.filter((tag) => !wasGoing.has(tag)).length
      newlyKept += [...wasGoing].filter((tag) => !isGoing.has(tag)).length
    }
    if (explain) {
      const found = decided.tags.flatMap((tag, at) => {
        const isGoing = decided.verdicts.kept[at] === 0
        const isNew = isGoing && wasGoing !== undefined && !wasGoing.has(tag)
        const isShown = explain.show === 'any' || (explain.show === 'going' ? isGoing : isNew)
        return isShown && explain.matches(tag.name) ? [{ at, isNew }] : []
      })
      const wanted = found.slice(
        Math.max(0, explain.offset - matching),
        Math.max(0, explain.offset + explain.limit - matching),
      )
      matching += found.length
      if (wanted.length > 0) explained.push(...(await explainTags(decided, all, wanted, { protectedBy })))
    }
    if (turns.isOver()) await turns.next()
  }
  return {
    ...count.result,
    protected: { ...count.protected, names: [...names].filter((name) => name !== '') },
    partialRepositories: partial,
    ...(before && { difference: { newlyGoing, newlyKept } }),
    explained,
    matching,
  }
}

interface Decided {
  readonly tags: readonly CatalogTag[]
  readonly verdicts: Verdicts
  readonly rules: Awaited<ReturnType<CompiledPolicy['rulesFor']>>
}

async function decide(
  policy: CompiledPolicy,
  all: RepositoryTags,
  options: { readonly now: number; readonly protects: (tag: CatalogTag) => boolean },
): Promise<Decided> {
  const tags = all.tags.filter(({ name }) => policy.isAbout(all.repository, name))
  const rules = tags.length > 0 ? await policy.rulesFor({ ...all, tags }) : []
  return { tags, rules, verdicts: await evaluateTags(tags, rules, options) }
}

function goingOf({ tags, verdicts }: Decided): CatalogTag[] {
  return tags.filter((_, at) => verdicts.kept[at] === 0)
}

class Count {
  #repositories = 0
  #tags = 0
  #going = 0
  #imagesGoing = 0
  #imagesStaying = 0
  #frees = 0
  #unknown = 0
  #one = 0
  #several = 0
  readonly #kept: number[]
  readonly #only: number[]
  #protectedKept = 0
  #protectedOnly = 0

  constructor(rules: number) {
    this.#kept = Array.from({ length: rules }, () => 0)
    this.#only = Array.from({ length: rules }, () => 0)
  }

  add({ tags, verdicts: { kept, unknown } }: Decided): void {
    this.#repositories++
    this.#tags += tags.length
    const stays = new Set<number>()
    const goes = new Map<number, number>()
    for (const [at, tag] of tags.entries()) {
      const bits = kept[at] as number
      if (bits === 0) {
        this.#going++
        if (tag.manifest !== undefined) goes.set(tag.manifest, tag.size ?? 0)
        continue
      }
      if (tag.manifest !== undefined) stays.add(tag.manifest)
      if (bits === unknown[at]) this.#unknown++
      this.#note(bits)
    }
    for (const [manifest, size] of goes)
      if (stays.has(manifest)) this.#imagesStaying++
      else {
        this.#imagesGoing++
        this.#frees += size
      }
  }

  #note(bits: number): void {
    // A power of two: one bit alone.
    const isOnly = (bits & (bits - 1)) === 0
    if (isOnly) this.#one++
    else this.#several++
    for (let rule = 0; rule < this.#kept.length; rule++)
      if ((bits & (1 << rule)) !== 0) {
        this.#kept[rule] = (this.#kept[rule] as number) + 1
        if (isOnly) this.#only[rule] = (this.#only[rule] as number) + 1
      }
    if ((bits & PROTECTED) !== 0) {
      this.#protectedKept++
      if (isOnly) this.#protectedOnly++
    }
  }

  get protected(): RuleCount {
    return { kept: this.#protectedKept, only: this.#protectedOnly }
  }

  get result() {
    return {
      repositories: this.#repositories,
      tags: this.#tags,
      going: this.#going,
      imagesGoing: this.#imagesGoing,
      imagesStaying: this.#imagesStaying,
      freesAtMost: this.#frees,
      rules: this.#kept.map((kept, at) => ({ kept, only: this.#only[at] as number })),
      unknown: this.#unknown,
      keptByOne: this.#one,
      keptBySeveral: this.#several,
    }
  }
}

async function explainTags(
  { tags, rules, verdicts }: Decided,
  { repository }: RepositoryTags,
  wanted: readonly { readonly at: number; readonly isNew: boolean }[],
  { protectedBy }: { readonly protectedBy: (tag: string) => string | undefined },
): Promise<ExplainedTag[]> {
  const ranks = await Promise.all(
    rules.map(async (rule) => new Map((await rank(tags, rule)).ranked.map((at, place) => [at, place + 1]))),
  )
  return wanted.map(({ at, isNew }) => {
    const tag = tags[at] as CatalogTag
    const [kept, unknown] = [verdicts.kept[at] as number, verdicts.unknown[at] as number]
    const rule = protectedBy(tag.name)
    return {
      id: tag.id,
      registry: repository.registry,
      repository: repository.name,
      tag: tag.name,
      isKept: kept !== 0,
      isNewlyGoing: isNew,
      ...(tag.created !== undefined && { created: tag.created }),
      ...(tag.moved !== undefined && { moved: tag.moved }),
      ...(rule !== undefined && { protectedBy: rule }),
      isUnread: (kept & UNREAD) !== 0,
      reasons: rules.map(({ rule: one }, position): Reason => {
        const bit = 1 << position
        const says = (unknown & bit) !== 0 ? 'unknown' : (kept & bit) !== 0 ? 'kept' : 'not kept'
        const place = ranks[position]?.get(at)
        const time = one.keep === 'newer' ? tag[one.by] : undefined
        return {
          rule: position,
          says,
          ...(place !== undefined && { rank: place }),
          ...(one.keep === 'newer' && time !== undefined && { until: time + lengthOf(one) }),
        }
      }),
    }
  })
}

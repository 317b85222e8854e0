import type { Place } from '../../oci/place.ts'
import type { Decided } from './decide-tags.ts'
import { PLATFORM, rank, UNREAD } from './evaluate-tags.ts'
import type { CatalogTag, RepositoryTags } from './read-repository-tags.ts'
import { lengthOf } from './retention-policy.ts'

export interface ExplainOptions {
  readonly matches: (tag: string) => boolean
  readonly show: 'any' | 'going' | 'new'
  readonly offset: number
  readonly limit: number
}

export interface ExplainedTag extends Place {
  readonly id: number
  readonly tag: string
  /** Its id in the catalog. */
  readonly manifest?: number
  readonly isKept: boolean
  readonly isNewlyGoing: boolean
  readonly created?: number
  readonly moved?: number
  /** The rule that protects it. */
  readonly protectedBy?: string
  readonly isUnread: boolean
  /** A tag of an index that lists its image and stays. */
  readonly platformOf?: string
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

/** One page of the tags that somebody asks about, and how many there are. */
export class Explanation {
  readonly tags: ExplainedTag[] = []
  readonly #options: ExplainOptions
  #matching = 0

  constructor(options: ExplainOptions) {
    this.#options = options
  }

  get matching(): number {
    return this.#matching
  }

  /** @param wasGoing the tags that what is in force deletes, if that is compared */
  async add(
    decided: Decided,
    all: RepositoryTags,
    { wasGoing, protectedBy }: { readonly wasGoing: ReadonlySet<CatalogTag> | undefined; readonly protectedBy: RuleOf },
  ): Promise<void> {
    const { matches, show, offset, limit } = this.#options
    const found = decided.tags.flatMap((tag, at) => {
      const isGoing = decided.verdicts.kept[at] === 0
      const isNew = isGoing && wasGoing !== undefined && !wasGoing.has(tag)
      const isShown = show === 'any' || (show === 'going' ? isGoing : isNew)
      return isShown && matches(tag.name) ? [{ at, isNew }] : []
    })
    const wanted = found.slice(Math.max(0, offset - this.#matching), Math.max(0, offset + limit - this.#matching))
    this.#matching += found.length
    if (wanted.length > 0) this.tags.push(...(await explainTags(decided, all, wanted, protectedBy)))
  }
}

/** The protection rule that keeps a tag. */
type RuleOf = (tag: string) => string | undefined

async function explainTags(
  { tags, rules, verdicts, platformOf }: Decided,
  { repository }: RepositoryTags,
  wanted: readonly { readonly at: number; readonly isNew: boolean }[],
  protectedBy: RuleOf,
): Promise<ExplainedTag[]> {
  const ranks = await Promise.all(
    rules.map(async (rule) => new Map((await rank(tags, rule)).ranked.map((at, place) => [at, place + 1]))),
  )
  return wanted.map(({ at, isNew }) => {
    const tag = tags[at] as CatalogTag
    const [kept, unknown] = [verdicts.kept[at] as number, verdicts.unknown[at] as number]
    const rule = protectedBy(tag.name)
    const index = (kept & PLATFORM) === 0 || tag.manifest === undefined ? undefined : platformOf.get(tag.manifest)
    return {
      id: tag.id,
      registry: repository.registry,
      repository: repository.name,
      tag: tag.name,
      ...(tag.manifest !== undefined && { manifest: tag.manifest }),
      isKept: kept !== 0,
      isNewlyGoing: isNew,
      ...(tag.created !== undefined && { created: tag.created }),
      ...(tag.moved !== undefined && { moved: tag.moved }),
      ...(rule !== undefined && { protectedBy: rule }),
      isUnread: (kept & UNREAD) !== 0,
      ...(index !== undefined && { platformOf: index }),
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

import { processWide } from '../config/process-wide.ts'
import { summarizeTag, type TagSummary } from '../image/inspect/summary.ts'
import { isReferrersTag } from '../image/referrers/referrers-tag.ts'
import type { Digest } from '../oci/digest.ts'
import type { RepositoryName, Tag } from '../oci/reference.ts'
import { type Attempt, attempt } from '../problem/attempt.ts'
import { mapConcurrent } from '../registry/concurrent.ts'
import { collect, type PushTimes } from '../registry/listing.ts'
import type { Repository } from '../registry/registry.ts'

/** Tags and what they point at are asked for again when they are older than this. */
const FRESH_FOR = 5_000
/** What a page says of tags that it is not about may be so old. */
const SEEN_FOR = 5 * 60_000
/** Repositories whose tags are kept in memory, the least recently used dropped first. */
const KEPT = 50

export interface TagList {
  /** Those that people made. */
  readonly tags: readonly Tag[]
  /** Tags that hold signatures and other referrers of a digest: counted, not listed among the others. */
  readonly folded: readonly Tag[]
  readonly partial?: string
  readonly pushed?: PushTimes
  readonly listedAt: number
}

/** The tags of one repository and what is known of each: shared by all who look at it at the time. */
export class RepositoryTags {
  #list: Promise<TagList> | undefined
  #listed: TagList | undefined
  #summaries = new Map<
    Tag,
    { readonly at: number; readonly summary: Promise<Attempt<TagSummary>>; settled?: Attempt<TagSummary> }
  >()
  #resolving: Promise<void> | undefined
  #listedAt = 0

  list(repository: Repository): Promise<TagList> {
    if (this.#list && Date.now() - this.#listedAt < FRESH_FOR) return this.#list
    this.#listedAt = Date.now()
    const list = listTags(repository)
    this.#list = list
    list.then(
      (listed) => {
        this.#listed = listed
      },
      () => {
        if (this.#list === list) this.#list = undefined
      },
    )
    return list
  }

  /** What a tag points at, seen at most `FRESH_FOR` ago. */
  summary(repository: Repository, tag: Tag): Promise<Attempt<TagSummary>> {
    const known = this.#summaries.get(tag)
    if (known && (known.settled === undefined || Date.now() - known.at < FRESH_FOR)) return known.summary
    const entry: { at: number; summary: Promise<Attempt<TagSummary>>; settled?: Attempt<TagSummary> } = {
      at: Date.now(),
      summary: attempt(() => summarizeTag(repository, tag)),
    }
    entry.summary.then((settled) => {
      entry.settled = settled
      entry.at = Date.now()
    })
    this.#summaries.set(tag, entry)
    return entry.summary
  }

  /** What has been resolved so far, however long ago: what a sort over all tags has to go by. */
  known(tags: readonly Tag[]): Map<Tag, Attempt<TagSummary>> {
    const known = new Map<Tag, Attempt<TagSummary>>()
    for (const tag of tags) {
      const settled = this.#summaries.get(tag)?.settled
      if (settled) known.set(tag, settled)
    }
    return known
  }

  /** Tags that were on a digest when they were last looked at, not long ago. */
  seenOn(digest: Digest): Tag[] {
    const oldest = Date.now() - SEEN_FOR
    return (this.#listed?.tags ?? []).filter((tag) => {
      const known = this.#summaries.get(tag)
      return known?.settled?.ok && known.at > oldest && known.settled.value.digest === digest
    })
  }

  /** Resolves the tags that nothing is known of. One such run at a time serves everybody; it goes on when they leave. */
  resolveAll(repository: Repository, tags: readonly Tag[]): Promise<void> {
    this.#resolving ??= this.#resolve(repository, tags).finally(() => {
      this.#resolving = undefined
    })
    return this.#resolving
  }

  async #resolve(repository: Repository, tags: readonly Tag[]): Promise<void> {
    const unknown = tags.filter((tag) => this.#summaries.get(tag)?.settled === undefined)
    await mapConcurrent(unknown, (tag) => this.summary(repository, tag))
  }
}

const kept = () => processWide('repository-tags', () => new Map<string, RepositoryTags>())

export function repositoryTags(repository: Repository): RepositoryTags {
  const key = `${repository.registry.name}/${repository.name}`
  const tags = kept().get(key) ?? new RepositoryTags()
  // A map keeps the order of insertion: what is used moves to the end.
  kept().delete(key)
  kept().set(key, tags)
  const oldest = kept().keys().next()
  if (kept().size > KEPT && !oldest.done) kept().delete(oldest.value)
  return tags
}

/** Tags on a digest as far as somebody has looked at them lately: nothing is asked of the registry. */
export function tagsSeenOn(repository: Repository, digest: Digest): readonly Tag[] {
  return kept().get(`${repository.registry.name}/${repository.name}`)?.seenOn(digest) ?? []
}

/** After a change: the next reader sees the registry's own answer. */
export function forgetTags(registry: string, repository: RepositoryName): void {
  kept().delete(`${registry}/${repository}`)
}

async function listTags(repository: Repository): Promise<TagList> {
  const { items, end } = await collect(repository.tags())
  const folded = items.filter(isReferrersTag)
  return {
    tags: folded.length > 0 ? items.filter((tag) => !isReferrersTag(tag)) : items,
    folded,
    ...(!end.complete && { partial: end.reason }),
    ...(end.pushed && { pushed: end.pushed }),
    listedAt: Date.now(),
  }
}

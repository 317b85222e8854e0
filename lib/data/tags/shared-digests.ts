import type { TagSummary } from '../../image/inspect/summary.ts'
import type { Tag } from '../../oci/reference.ts'
import type { Attempt } from '../../problem/attempt.ts'

/** So many tags of a digest are named; more are a number. */
const NAMED = 12

/** Which tags are on one digest, for those that several are on. */
export interface SharedDigests {
  /** `repository` when every tag is known; else only those of the page could be compared. */
  readonly among: 'repository' | 'page'
  readonly byDigest: Readonly<Record<string, { readonly count: number; readonly tags: readonly string[] }>>
}

/**
 * @param known what each tag points at, as far as that is known
 * @param total tags of the repository
 * @param shown tags of the page: what is on their digests is told
 */
export function sharedDigests(
  known: ReadonlyMap<Tag, Attempt<TagSummary>>,
  total: number,
  shown: readonly Tag[],
): SharedDigests {
  const digestOf = (tag: Tag) => {
    const summary = known.get(tag)
    return summary?.ok ? summary.value.digest : undefined
  }
  const isWhole = known.size === total
  const wanted = new Set(shown.flatMap((tag) => digestOf(tag) ?? []))
  const found = new Map<string, Tag[]>()
  for (const tag of isWhole ? known.keys() : shown) {
    const digest = digestOf(tag)
    if (!digest || !wanted.has(digest)) continue
    const tags = found.get(digest)
    if (tags) tags.push(tag)
    else found.set(digest, [tag])
  }
  const shared = [...found].filter(([, tags]) => tags.length > 1)
  return {
    among: isWhole ? 'repository' : 'page',
    byDigest: Object.fromEntries(
      shared.map(([digest, tags]) => [digest, { count: tags.length, tags: tags.slice(0, NAMED) }]),
    ),
  }
}

import type { Tag } from '../../oci/reference.ts'
import { versionKey } from '../../oci/version-key.ts'
import { mapConcurrent } from '../../registry/concurrent.ts'
import { isRegistryError } from '../../registry/errors.ts'
import { collect, type ListEnd, type PushTimes } from '../../registry/listing.ts'
import type { CallOptions, Repository } from '../../registry/registry.ts'
import { summarizeTag } from './summary.ts'
import { type SortableSummary, sortTags } from './tags.ts'

/** The newest tag, with the evidence. */
export type NewestTag = {
  readonly tag: Tag
  /** RFC 3339. */
  readonly time: string
  /** How many tags were compared, and how many lack the evidence. */
  readonly compared: number
  readonly unknown: number
} & (
  | { readonly evidence: 'pushed' /** The source of the evidence. */; readonly source: string }
  /** When the image says that it was built: pushing an old image or moving a tag does not show. */
  | { readonly evidence: 'image-created' }
)

/**
 * The newest of `tags`: by push times where any of them has one, else by creation. The two are never compared with each
 * other. Of several with the same time, the highest version, and its fullest name; undefined where nothing says when.
 */
export function newestTag(
  tags: readonly Tag[],
  summaries: ReadonlyMap<string, SortableSummary>,
  pushed?: PushTimes,
): NewestTag | undefined {
  const byPush = pushed && latest(tags, (tag) => pushed.times.get(tag))
  if (byPush) return { ...byPush, evidence: 'pushed', source: pushed.source }
  const byCreation = latest(tags, (tag) => summaries.get(tag)?.created)
  return byCreation && { ...byCreation, evidence: 'image-created' }
}

/**
 * The newest tag of a repository; undefined where no image says when it was made. Goes by when images were pushed where
 * that is known, from the registry (Google's do) or `options.pushed`; else by when the images say that they were built,
 * for which it reads every tag's manifest and config.
 * @param options.pushed what has been seen being pushed: by notification, or by listing now and then
 */
export async function mostRecentTag(
  repository: Repository,
  { signal, ...known }: CallOptions & { readonly pushed?: PushTimes } = {},
): Promise<(NewestTag & { readonly end: ListEnd }) | undefined> {
  const options = { signal }
  const { items: tags, end } = await collect(repository.tags(options))
  const pushed = known.pushed ?? end.pushed
  const byPush = pushed && newestTag(tags, new Map(), pushed)
  if (byPush) return { ...byPush, end }
  const summaries = new Map<Tag, SortableSummary>()
  const read = async (tag: Tag) => {
    try {
      summaries.set(tag, await summarizeTag(repository, tag, options))
    } catch (error) {
      // An unreadable tag has an unknown time; a cancellation is thrown.
      signal?.throwIfAborted()
      if (isRegistryError(error, 'unreachable', 'unauthorized', 'denied')) throw error
    }
  }
  await mapConcurrent(tags, read, options)
  const byCreation = newestTag(tags, summaries)
  return byCreation && { ...byCreation, end }
}

function latest(tags: readonly Tag[], timeOf: (tag: Tag) => string | undefined) {
  let newest: { tags: Tag[]; at: number; time: string } | undefined
  let unknown = 0
  for (const tag of tags) {
    const time = timeOf(tag) ?? ''
    const at = Date.parse(time)
    // Reproducible builds claim to have been made in 1970.
    if (!(at > 0)) unknown++
    else if (!newest || at > newest.at) newest = { tags: [tag], at, time }
    else if (at === newest.at) newest.tags.push(tag)
  }
  const tag = newest && fullest(sortTags(newest.tags, 'version', 'desc'))
  return newest && tag ? { tag, time: newest.time, compared: tags.length, unknown } : undefined
}

/** Of the tags that are the same version as the first, the longest: `1.5.0` stays where it is, `1.5` moves on. */
function fullest([first, ...others]: readonly Tag[]): Tag | undefined {
  if (!first) return undefined
  const { key } = versionKey(first)
  const same = others.filter((tag) => versionKey(tag).key === key)
  return same.reduce((longest, tag) => (tag.length > longest.length ? tag : longest), first)
}

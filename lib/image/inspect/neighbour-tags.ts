import type { Tag } from '../../oci/reference.ts'
import { versionKey } from '../../oci/version-key.ts'

export interface Neighbours {
  readonly previous?: Tag
  readonly next?: Tag
}

/** The known facts of a tag. */
interface Known {
  readonly digest: string
  /** ISO time. */
  readonly created?: string
}

/**
 * The releases before and after a tag. Of versions only those of the same form count: `1.4.2-alpine` follows
 * `1.4.1-alpine`, and `1.4` follows `1.3`. Any other tag is ordered by creation among the tags whose creation is known.
 */
export function neighbourTags(tag: Tag, tags: readonly Tag[], known: ReadonlyMap<Tag, Known>): Neighbours {
  const { isVersion } = versionKey(tag)
  // `latest` is on the newest release: its predecessor is that release's.
  const twin = isVersion ? undefined : versionOn(known.get(tag)?.digest, tags, known)
  if (isVersion || twin) return byVersion(twin ?? tag, tags)
  return byCreation(tag, tags, known)
}

function byVersion(tag: Tag, tags: readonly Tag[]): Neighbours {
  return around(familyOf(tag, tags), tag)
}

/** By list of tags, then by form: every page of a repository asks about the same list. */
const families = new WeakMap<readonly Tag[], Map<string, readonly Tag[]>>()

/** The versions of the same form, lowest first. */
function familyOf(tag: Tag, tags: readonly Tag[]): readonly Tag[] {
  const known = families.get(tags) ?? new Map<string, readonly Tag[]>()
  families.set(tags, known)
  const form = formOf(tag)
  const family =
    known.get(form) ??
    tags
      .filter((other) => formOf(other) === form)
      .map((other) => ({ other, ...versionKey(other) }))
      .filter(({ isVersion }) => isVersion)
      .sort((a, b) => compare(a.key, b.key) || compare(a.other, b.other))
      .map(({ other }) => other)
  known.set(form, family)
  return family
}

function byCreation(tag: Tag, tags: readonly Tag[], known: ReadonlyMap<Tag, Known>): Neighbours {
  const own = known.get(tag)
  if (!own?.created) return {}
  const dated = tags
    .flatMap((other) => {
      const { digest, created } = known.get(other) ?? {}
      return created && (other === tag || digest !== own.digest) ? [{ other, time: Date.parse(created) }] : []
    })
    .sort((a, b) => a.time - b.time || compare(a.other, b.other))
  return around(
    dated.map(({ other }) => other),
    tag,
  )
}

function around(sorted: readonly Tag[], tag: Tag): Neighbours {
  const at = sorted.indexOf(tag)
  const [previous, next] = at < 0 ? [] : [sorted[at - 1], sorted[at + 1]]
  return { ...(previous && { previous }), ...(next && { next }) }
}

/** The version with the most numbers on a digest: `1.4.2` rather than `1.4` or `1`. */
function versionOn(digest: string | undefined, tags: readonly Tag[], known: ReadonlyMap<Tag, Known>): Tag | undefined {
  if (!digest) return undefined
  return tags
    .filter((tag) => known.get(tag)?.digest === digest && versionKey(tag).isVersion)
    .sort((a, b) => formOf(b).length - formOf(a).length || compare(a, b))[0]
}

/** A version without its numbers: `v#.#.#-alpine#` of `v1.4.2-alpine3`. */
function formOf(tag: Tag): string {
  return tag.replace(/\d+/g, '#')
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

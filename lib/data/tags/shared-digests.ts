import type { SignedPlatforms } from '../../catalog/database/tag-marks.ts'
import type { Digest } from '../../oci/digest.ts'
import type { Tag } from '../../oci/reference.ts'

export type { SignedPlatforms } from '../../catalog/database/tag-marks.ts'

/** Tags of a digest that are named; the others are only counted. */
const NAMED = 12

/** Which tags are on one digest, for those that several are on, and what else the catalog knows of the tags of a page. */
export interface SharedDigests {
  /** `repository` when every tag is known; else only those of the page could be compared. */
  readonly among: 'repository' | 'page'
  /** Tags of the page could not be read, or not yet: each count is at least that. */
  readonly isLowerBound: boolean
  readonly byDigest: Readonly<Record<string, { readonly count: number; readonly tags: readonly string[] }>>
  /** Bytes that only the image of a digest holds, where every tag is known. */
  readonly unique?: Readonly<Record<string, number>>
  /** Whether a signature is attached, by tag; those that weren’t checked are left out. */
  readonly signed?: Readonly<Record<string, boolean | SignedPlatforms>>
  /** How tags came to their digest, for those that were seen to move there. */
  readonly moved?: Readonly<Record<string, ShownMove>>
}

export interface ShownMove {
  /** A tag that is on the digest before now, and usually stays there; else that digest, short. */
  readonly from: string
  /** The comparison with what the tag is on now. */
  readonly href: string
  /** ISO 8601; found by a sync: it had happened by then. */
  readonly at: string
  readonly how: 'change' | 'notification' | 'sync'
}

/** @param on all tags of the repository on each digest of the page, best first */
export function sharedInRepository(on: ReadonlyMap<Digest, readonly Tag[]>): SharedDigests {
  return { among: 'repository', isLowerBound: false, byDigest: named(on) }
}

/** @param page the tags of a page with their digests; undefined for those that could not be read */
export function sharedOnPage(page: ReadonlyMap<Tag, Digest | undefined>): SharedDigests {
  const on = new Map<Digest, Tag[]>()
  for (const [tag, digest] of page) if (digest) on.set(digest, [...(on.get(digest) ?? []), tag])
  return { among: 'page', isLowerBound: [...page.values()].includes(undefined), byDigest: named(on) }
}

function named(on: ReadonlyMap<Digest, readonly Tag[]>): SharedDigests['byDigest'] {
  const shared = [...on].filter(([, tags]) => tags.length > 1)
  return Object.fromEntries(
    shared.map(([digest, tags]) => [digest, { count: tags.length, tags: tags.slice(0, NAMED) }]),
  )
}

import 'server-only'
import type { TagList, TagRecord } from '../../catalog/catalog.ts'
import { catalogOf } from '../../catalog/the-catalog.ts'
import { unseenTags } from '../../image/delete/resolve-every-tag.ts'
import { readIfPresent } from '../../image/graph/scan-tags.ts'
import { sortTags } from '../../image/inspect/tags.ts'
import { parseReferrersTag } from '../../image/referrers/referrers-tag.ts'
import type { Digest } from '../../oci/digest.ts'
import { mayBeIndex } from '../../oci/index-entries.ts'
import { isIndexType } from '../../oci/media-type.ts'
import type { Place } from '../../oci/place.ts'
import type { Tag } from '../../oci/reference.ts'
import { attempt } from '../../problem/attempt.ts'
import { mapConcurrent } from '../../registry/concurrent.ts'
import type { Repository } from '../../registry/registry.ts'
import { isDangling } from '../../registry/resolve-tags.ts'
import type { KnownImage, KnownRepository } from './group-tags.ts'

/** A plan may use data this old: each deletion checks its tag's target again. Milliseconds. */
const SEEN_WITHIN = 10 * 60_000
/** More tags than this take longer to read than a person waits. */
const READ_AT_MOST = 200

/** With the time at which the oldest record was seen, if any is older than a plan may use; milliseconds since the epoch. */
export type SeenRepository = KnownRepository & { readonly oldSince?: number }

export interface KnowOptions {
  /** How old what the catalog knows may be; milliseconds. */
  readonly seenWithin?: number
  /** Whether many tags may be taken as the catalog knows them, however old: they are to be checked before anything is done. */
  readonly mayBeOld?: boolean
}

/**
 * Everything about a repository that a plan depends on: from the catalog if recent enough, else from the registry.
 * @throws RegistryError `conflict` when not all its tags are listed
 */
export async function knowRepository(
  repository: Repository,
  place: Place,
  { folded, tags: listed, partial }: TagList,
  options: KnowOptions = {},
): Promise<SeenRepository> {
  if (partial) throw unseenTags(repository, partial)
  const { tags, unreadable, oldSince } = await readTags(repository, place, listed, options)
  const attached = countAttached(folded)
  return {
    tags,
    unreadable,
    indexesOf: await readParents(repository, tags),
    holds: (digest) => attached.get(keyOf(digest)) ?? { signatures: 0, attachments: 0 },
    ...(oldSince !== undefined && { oldSince }),
  }
}

async function readTags(
  repository: Repository,
  place: Place,
  listed: readonly Tag[],
  { seenWithin = SEEN_WITHIN, mayBeOld = false }: KnowOptions,
) {
  const reader = catalogOf(repository.registry)
  const records = await reader.catalog.tagRecords(place, listed)
  const tags = new Map<Tag, KnownImage>()
  const unreadable = new Map<Tag, string>()
  const note = (tag: Tag, record: TagRecord) => {
    if (record.ok) tags.set(tag, imageOf(record))
    else unreadable.set(tag, record.error.message)
  }
  const old = listed.filter((tag) => {
    const record = records.get(tag)
    if (!record || record.age > seenWithin || !record.value.ok) return true
    note(tag, record.value)
    return false
  })
  let oldSince: number | undefined
  const unread: Tag[] = []
  for (const tag of old) {
    const record = records.get(tag)
    if (mayBeOld && old.length > READ_AT_MOST && record?.value.ok) {
      note(tag, record.value)
      oldSince = Math.min(oldSince ?? record.seenAt, record.seenAt)
    } else unread.push(tag)
  }
  await mapConcurrent(unread, async (tag) => {
    const read = await attempt(() => reader.tag(repository, tag, 0))
    if (!read.ok) unreadable.set(tag, read.problem.detail)
    else if (read.value.ok || !isDangling(read.value.error)) note(tag, read.value)
  })
  // As tables have them, whatever order the registry listed and answered them in.
  const inOrder = sortTags(listed, 'version', 'desc').flatMap((tag) => {
    const image = tags.get(tag)
    return image ? [[tag, image] as const] : []
  })
  return { tags: new Map(inOrder), unreadable, oldSince }
}

function imageOf({ summary }: TagRecord & { ok: true }): KnownImage {
  const { digest, mediaType, kind, platforms, size, created } = summary
  return {
    digest,
    mediaType,
    platforms: kind === 'index' ? platforms.length : 0,
    ...(size !== undefined && { size }),
    ...(created && { created }),
  }
}

/** Which tagged indexes list a manifest. Each index is read once; the registry's cache holds those that were shown. */
async function readParents(repository: Repository, tags: ReadonlyMap<Tag, KnownImage>): Promise<Map<Digest, Digest[]>> {
  const indexes = new Set([...tags.values()].filter((image) => isIndexType(image.mediaType)).map((one) => one.digest))
  const parents = new Map<Digest, Digest[]>()
  await mapConcurrent([...indexes], async (root) => {
    const seen = new Set<Digest>([root])
    for (let level: readonly Digest[] = [root]; level.length > 0; ) {
      const below: Digest[] = []
      for (const digest of level) {
        const index = await readIfPresent(repository, digest)
        if (index?.kind !== 'index') continue
        for (const child of index.manifests) {
          if (seen.has(child.digest)) continue
          seen.add(child.digest)
          parents.set(child.digest, [...(parents.get(child.digest) ?? []), root])
          if (mayBeIndex(child)) below.push(child.digest)
        }
      }
      level = below
    }
  })
  return parents
}

/** Signatures and other attachments by subject, as far as tag names show it. */
function countAttached(folded: readonly Tag[]): Map<string, { signatures: number; attachments: number }> {
  const counts = new Map<string, { signatures: number; attachments: number }>()
  for (const tag of folded) {
    const parsed = parseReferrersTag(tag)
    if (!parsed) continue
    const key = `${parsed.algorithm}:${parsed.hex.slice(0, 64)}`
    const { signatures, attachments } = counts.get(key) ?? { signatures: 0, attachments: 0 }
    const isSignature = parsed.suffix === 'sig'
    counts.set(key, { signatures: signatures + Number(isSignature), attachments: attachments + Number(!isSignature) })
  }
  return counts
}

function keyOf(digest: Digest): string {
  const [algorithm, hex = ''] = digest.split(':')
  return `${algorithm}:${hex.slice(0, 64)}`
}

import 'server-only'
import type { Actor } from '../../access/actor.ts'
import { placeOf } from '../../catalog/read-through/place-of.ts'
import type { RowSummary } from '../../catalog/row-summary.ts'
import { catalogOf } from '../../catalog/the-catalog.ts'
import { isDigest } from '../../oci/digest.ts'
import type { Place } from '../../oci/place.ts'
import type { Selector, Tag } from '../../oci/reference.ts'
import type { Repository } from '../../registry/registry.ts'
import { openRepository } from '../registries/open.ts'

/** What the catalog knows of an image whose manifest can't be read. */
export interface LastSeenImage {
  /** When its tag was last seen on it; ISO 8601. */
  readonly at: string
  readonly digest: string
  readonly mediaType: string
  readonly platforms: readonly string[]
  /** Compressed bytes. */
  readonly size?: number
  /** As the image says. */
  readonly created?: string
  /** The first of them, and how many there are. */
  readonly labels: RowSummary['labels']
  readonly labelCount: number
}

/** Nothing is asked of the registry; undefined for what was never seen. @throws AccessError */
export async function readLastSeenImage(
  actor: Actor,
  place: Place,
  reference: Selector,
): Promise<LastSeenImage | undefined> {
  const repository = openRepository(actor, 'browse', place)
  const tag = isDigest(reference) ? await tagOn(repository, reference) : reference
  const record = tag && (await catalogOf(repository.registry).catalog.tagRecords(place, [tag])).get(tag)
  if (!record?.value.ok) return undefined
  const { digest, mediaType, platforms, size, created, labels, labelCount } = record.value.summary
  // The tag was moved between the two readings.
  if (isDigest(reference) && digest !== reference) return undefined
  return {
    at: new Date(record.seenAt).toISOString(),
    digest,
    mediaType,
    platforms,
    ...(size !== undefined && { size }),
    ...(created && { created }),
    labels,
    labelCount,
  }
}

async function tagOn(repository: Repository, digest: Selector): Promise<Tag | undefined> {
  if (!isDigest(digest)) return undefined
  const tags = await catalogOf(repository.registry).catalog.tagsOn(placeOf(repository), [digest])
  return tags.get(digest)?.[0]?.value
}

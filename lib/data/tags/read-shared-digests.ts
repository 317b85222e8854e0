import type { Actor } from '../../access/actor.ts'
import { theCatalogDatabase } from '../../catalog/database/the-catalog-database.ts'
import { uniqueBytes } from '../../catalog/database/unique-bytes.ts'
import { placeOf } from '../../catalog/read-through/place-of.ts'
import { catalogOf } from '../../catalog/the-catalog.ts'
import { type Digest, isDigest } from '../../oci/digest.ts'
import type { Place } from '../../oci/place.ts'
import { parseTag } from '../../oci/reference.ts'
import { type Attempt, attempt } from '../../problem/attempt.ts'
import type { Repository } from '../../registry/registry.ts'
import { searchVisibility } from '../search/search-visibility.ts'
import { type SharedDigests, sharedInRepository, sharedOnPage } from './shared-digests.ts'
import type { TagRow } from './tag-row.ts'

/**
 * Which tags share their digests with those of a page, and what only their images hold, as far as the catalog knows;
 * nothing is asked of the registry.
 */
export async function readSharedDigests(
  actor: Actor,
  repository: Repository,
  rows: readonly { readonly tag: string; readonly row: Attempt<TagRow> }[],
): Promise<SharedDigests> {
  const digests = new Map(
    rows.map(({ tag, row }) => [parseTag(tag), row.ok && isDigest(row.value.digest) ? row.value.digest : undefined]),
  )
  const { catalog } = catalogOf(repository.registry)
  const place = placeOf(repository)
  const counts = (await catalog.tagCounts(place))?.value
  const isWhole = counts && counts.known === counts.total && counts.partial === undefined
  if (!isWhole) return sharedOnPage(digests)
  const wanted = [...new Set([...digests.values()].filter((digest): digest is Digest => digest !== undefined))]
  const [on, unique] = await Promise.all([catalog.tagsOn(place, wanted), readUniqueBytes(actor, place, wanted)])
  const shared = sharedInRepository(
    new Map(Array.from(on, ([digest, tags]) => [digest, tags.map(({ value }) => value)])),
  )
  return unique ? { ...shared, unique } : shared
}

/** Bytes that only the image of each digest holds. Undefined where the catalog can't be read. */
export async function readUniqueBytes(
  actor: Actor,
  place: Place,
  digests: readonly Digest[],
): Promise<Readonly<Record<string, number>> | undefined> {
  const visibility = new Map([[place.registry, searchVisibility(actor).get(place.registry) ?? []]])
  const read = await attempt(async () => uniqueBytes(await theCatalogDatabase(), visibility, place, digests), actor)
  return read.ok ? Object.fromEntries(read.value) : undefined
}

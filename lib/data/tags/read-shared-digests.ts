import { theCatalog } from '../../catalog/the-catalog.ts'
import { type Digest, isDigest } from '../../oci/digest.ts'
import type { Place } from '../../oci/place.ts'
import { parseTag } from '../../oci/reference.ts'
import type { Attempt } from '../../problem/attempt.ts'
import { type SharedDigests, sharedInRepository, sharedOnPage } from './shared-digests.ts'
import type { TagRow } from './tag-row.ts'

/** Which tags share their digests with those of a page, as far as the catalog knows; nothing is asked of the registry. */
export async function readSharedDigests(
  place: Place,
  rows: readonly { readonly tag: string; readonly row: Attempt<TagRow> }[],
): Promise<SharedDigests> {
  const digests = new Map(
    rows.map(({ tag, row }) => [parseTag(tag), row.ok && isDigest(row.value.digest) ? row.value.digest : undefined]),
  )
  const { catalog } = theCatalog()
  const counts = await catalog.tagCounts(place)
  const isWhole = counts && counts.value.known === counts.value.total && !(await isPartial(place))
  if (!isWhole) return sharedOnPage(digests)
  const wanted = new Set([...digests.values()].filter((digest): digest is Digest => digest !== undefined))
  const on = await catalog.tagsOn(place, [...wanted])
  return sharedInRepository(new Map(Array.from(on, ([digest, tags]) => [digest, tags.map(({ value }) => value)])))
}

async function isPartial(place: Place): Promise<boolean> {
  const page = await theCatalog().catalog.tagPage(place, { sort: 'name', direction: 'asc', offset: 0, limit: 0 })
  return page?.value.partial !== undefined
}

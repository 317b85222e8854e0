import 'server-only'
import type { Actor } from '../../access/actor.ts'
import { catalogOf } from '../../catalog/the-catalog.ts'
import { type Page, pageOf } from '../../format/page-of.ts'
import { parseReferrersTag, subjectOf } from '../../image/referrers/referrers-tag.ts'
import type { Place } from '../../oci/place.ts'
import { openRepository } from '../registries/open.ts'

/** A tag that only holds what refers to an image, by what its name says. */
export interface ReferrerTagRow {
  readonly tag: string
  /** `sig`, `att`, `sbom`; absent for the list of all referrers that clients keep where a registry has no API for it. */
  readonly suffix?: string
  /** The image; absent where the name has only a part of its digest. */
  readonly about?: string
}

const PAGE_SIZE = 100

/** The tags that the table leaves out, as last listed. @throws AccessError */
export async function readReferrerTags(actor: Actor, place: Place, page: number): Promise<Page<ReferrerTagRow>> {
  const repository = openRepository(actor, 'browse', place)
  const folded = (await catalogOf(repository.registry).catalog.tags(place))?.value.folded ?? []
  return pageOf(folded.toSorted().map(rowOf), page, PAGE_SIZE)
}

function rowOf(tag: string): ReferrerTagRow {
  const parsed = parseReferrersTag(tag)
  const about = parsed && subjectOf(parsed)
  return { tag, ...(parsed?.suffix && { suffix: parsed.suffix }), ...(about && { about }) }
}

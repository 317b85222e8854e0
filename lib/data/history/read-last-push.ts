import 'server-only'
import type { Actor } from '../../access/actor.ts'
import { type TagEvent, tagEvents } from '../../catalog/database/tag-events.ts'
import { theCatalogDatabase } from '../../catalog/database/the-catalog-database.ts'
import type { Place } from '../../oci/place.ts'
import { searchVisibility } from '../search/search-visibility.ts'

/** The tag of a repository that appeared or moved last. */
export interface LastPush {
  readonly tag: string
  /** ISO 8601; found by a sync: it had happened by then. */
  readonly at: string
  readonly how: TagEvent['how']
}

/** As far as it was observed; tags found at the first look don't count. @throws StoreError */
export async function readLastPush(actor: Actor, { registry, repository }: Place): Promise<LastPush | undefined> {
  const { events } = await tagEvents(await theCatalogDatabase(), {
    visibility: searchVisibility(actor),
    registry,
    repository,
    kinds: ['appeared', 'moved'],
    limit: 1,
  })
  const [event] = events
  return event && { tag: event.tag, at: new Date(event.at).toISOString(), how: event.how }
}

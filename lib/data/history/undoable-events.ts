import 'server-only'
import type { Actor } from '../../access/actor.ts'
import { allows } from '../../access/authorize.ts'
import { latestEvents } from '../../catalog/database/latest-events.ts'
import type { TagEvent } from '../../catalog/database/tag-events.ts'
import { theCatalogDatabase } from '../../catalog/database/the-catalog-database.ts'
import { isSamePlace } from '../../oci/place.ts'
import { theStore } from '../../store/the-store.ts'
import { type TrashedChange, trashBetween } from '../../store/trash.ts'
import { searchVisibility } from '../search/search-visibility.ts'

/** Milliseconds from the beginning of a change until its event at the latest: a big copy may overwrite a tag. */
const LASTS = 60 * 60_000
/** Changes that are read for a page of events. */
const MOST = 2_000

/**
 * The events that the actor can still undo: nothing has happened to the tag since, and the trash has its old target.
 */
export async function undoableEvents(
  actor: Actor,
  events: readonly TagEvent[],
): Promise<ReadonlyMap<TagEvent, TrashedChange>> {
  const own = events.filter(
    (event) =>
      event.how === 'change' && (event.kind === 'moved' || event.kind === 'gone') && allows(actor, 'restore', event),
  )
  if (own.length === 0) return new Map()
  const places = [...new Set(own.map(({ registry, repository }) => `${registry}/${repository}`))]
  const times = own.map(({ at }) => at)
  const [trashed, latest] = await Promise.all([
    trashBetween(await theStore(), {
      places,
      from: Math.min(...times) - LASTS,
      to: Math.max(...times),
      limit: MOST,
    }),
    latestEvents(await theCatalogDatabase(), searchVisibility(actor), own),
  ])
  const found = new Map<TagEvent, TrashedChange>()
  for (const event of own.filter((one) => latest.has(one))) {
    // The newest comes first.
    const change = trashed.find((one) => isOf(event, one))
    if (change) found.set(event, change)
  }
  return found
}

function isOf(event: TagEvent, change: TrashedChange): boolean {
  const { tag, kind, from, to, at } = event
  return (
    isSamePlace(event, change) &&
    change.tags.includes(tag) &&
    Date.parse(change.at) <= at &&
    change.what === (kind === 'moved' ? 'overwritten' : 'deleted') &&
    (from === undefined || change.digest === from) &&
    (kind === 'gone' || to === undefined || change.replacement === to)
  )
}

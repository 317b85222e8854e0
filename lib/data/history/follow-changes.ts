import 'server-only'
import type { Actor } from '../../access/actor.ts'
import { authorizeRecords } from '../../access/authorize.ts'
import { changed } from '../../catalog/changed.ts'
import { hasChangedSince, TagEventWatch } from '../../catalog/database/watch-tag-events.ts'
import { processWide } from '../../config/process-wide.ts'
import type { Place } from '../../oci/place.ts'
import { theStore } from '../../store/the-store.ts'
import { openRepository } from '../registries/open.ts'

/** Milliseconds that a page may have taken to load, including its wait before it follows. */
const JUST_NOW = 5_000

/**
 * Yields each time a tag of a repository has appeared, moved or been deleted, whichever process found it; this
 * process's knowledge of it is out of date by then.
 * @throws AccessError, StoreError
 */
export async function* followChanges(
  actor: Actor,
  place: Place,
  signal: AbortSignal,
): AsyncGenerator<{ readonly isChanged: true }> {
  openRepository(actor, 'browse', place)
  authorizeRecords(actor, place)
  let wake = () => {}
  let isChanged = false
  const stop = await watch().follow(({ registry, repository }) => {
    if (registry !== place.registry || repository !== place.repository) return
    isChanged = true
    wake()
  })
  signal.addEventListener('abort', () => wake(), { once: true })
  try {
    // Events that happened while the page loaded.
    isChanged ||= await hasChangedSince(await theStore(), place, Date.now() - JUST_NOW)
    while (!signal.aborted) {
      if (!isChanged) {
        await new Promise<void>((resolve) => {
          wake = resolve
        })
        if (signal.aborted) return
      }
      isChanged = false
      await changed(place)
      yield { isChanged: true }
    }
  } finally {
    stop()
  }
}

function watch(): TagEventWatch {
  return processWide('tag-event-watch', () => new TagEventWatch(theStore))
}

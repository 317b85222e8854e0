import 'server-only'
import type { Actor } from '../../access/actor.ts'
import { changed } from '../../catalog/changed.ts'
import { hasChangedSince, TagEventWatch } from '../../catalog/database/watch-tag-events.ts'
import { processWide } from '../../config/process-wide.ts'
import type { Place } from '../../oci/place.ts'
import { theStore } from '../../store/the-store.ts'
import { openRepository } from '../registries/open.ts'

/** Milliseconds of silence after which something is sent: proxies close what says nothing. */
const HEARTBEAT = 20_000
/** Milliseconds that a page may have been on its way, with what it waits before it follows. */
const JUST_NOW = 5_000

/**
 * Says each time a tag of a repository has appeared, moved or gone, found by anyone; what this process remembers of it
 * is out of date by then. `false` says only that nothing has happened for a while.
 * @throws AccessError, also once the right has ended; StoreError
 */
export async function* followChanges(
  actor: Actor,
  place: Place,
  signal: AbortSignal,
): AsyncGenerator<{ readonly isChanged: boolean }> {
  openRepository(actor, 'browse', place)
  let wake = () => {}
  let isChanged = false
  const stop = await watch().follow(({ registry, repository }) => {
    if (registry !== place.registry || repository !== place.repository) return
    isChanged = true
    wake()
  })
  try {
    // What came while the page was on its way.
    isChanged ||= await hasChangedSince(await theStore(), place, Date.now() - JUST_NOW)
    while (!signal.aborted) {
      if (!isChanged) {
        await new Promise<void>((resolve) => {
          wake = resolve
          signal.addEventListener('abort', () => resolve(), { once: true })
          setTimeout(resolve, HEARTBEAT).unref()
        })
        if (signal.aborted) return
      }
      openRepository(actor, 'browse', place)
      const found = isChanged
      isChanged = false
      if (found) await changed(place)
      yield { isChanged: found }
    }
  } finally {
    stop()
  }
}

function watch(): TagEventWatch {
  return processWide('tag-event-watch', () => new TagEventWatch(theStore))
}

import 'server-only'
import type { Actor } from '../../access/actor.ts'
import { changed } from '../../catalog/changed.ts'
import type { Learnt } from '../../catalog/database/record-tags.ts'
import { lookAtTags } from '../../catalog/sync/look-at-tags.ts'
import { syncRepository } from '../../catalog/sync/sync-repository.ts'
import { processWide } from '../../config/process-wide.ts'
import type { Place } from '../../oci/place.ts'
import type { Tag } from '../../oci/reference.ts'
import { theStore } from '../../store/the-store.ts'
import { openForServer } from '../registries/open.ts'

export interface Hint extends Place {
  /** Absent: something in the repository. */
  readonly tag?: Tag
  readonly how: 'change' | 'notification'
  readonly actor?: string
}

/** Hints that wait. More than these are left to the next sync, which finds what they were about. */
const MOST_WAITING = 5_000
const AT_ONCE = 4
const REQUESTS = 8
const ONLY_NEW = { limit: REQUESTS, onlyNew: true }

/**
 * Looks at a tag or a repository again because somebody said that it may have changed: what is recorded is the
 * registry's answer. Hints about the same tag are one while they wait; each repository is looked at by one at a time.
 */
export function lookAgain(hint: Hint): void {
  queue().add(hint)
}

/** Until then nothing is looked at: tests and scripts that only read have no database. */
export function startLookingAgain(): void {
  queue().isStarted = true
}

/** After a change of ours: who made it is known. */
export function recordOwnChange(actor: Actor, place: Place & { readonly tag?: Tag }): void {
  const { registry, repository, tag } = place
  const who = actor.kind === 'user' ? { actor: actor.username } : {}
  lookAgain({ registry, repository, ...(tag && { tag }), how: 'change', ...who })
}

function queue(): HintQueue {
  return processWide('hint-queue', () => new HintQueue())
}

class HintQueue {
  readonly #waiting = new Map<string, Hint>()
  readonly #busy = new Set<string>()
  isStarted = false

  add(hint: Hint): void {
    if (!this.isStarted || this.#waiting.size >= MOST_WAITING) return
    this.#waiting.set(`${keyOf(hint)} ${hint.tag ?? ''}`, hint)
    this.#start()
  }

  #start(): void {
    for (const [key, hint] of this.#waiting) {
      if (this.#busy.size >= AT_ONCE) return
      const place = keyOf(hint)
      if (this.#busy.has(place)) continue
      this.#waiting.delete(key)
      this.#busy.add(place)
      look(hint)
        .catch((error) => console.error(`${place} could not be looked at again`, error))
        .finally(() => {
          this.#busy.delete(place)
          this.#start()
        })
    }
  }
}

async function look({ tag, how, actor, ...place }: Hint): Promise<void> {
  const repository = openForServer(place)
  if (!repository) return
  const store = await theStore()
  const learnt: Learnt = { at: Date.now(), how, ...(actor !== undefined && { actor }) }
  if (how === 'notification') await changed(place)
  if (tag) {
    const { missing } = await lookAtTags(store, repository, [tag], learnt, { limit: 1 })
    // A GET has said that it isn't there; that it is gone, the list has to say too.
    if (missing.length > 0) return void (await syncRepository(store, repository, learnt, ONLY_NEW))
  }
  // A change of ours may have taken other tags along.
  if (!tag) await syncRepository(store, repository, learnt, { limit: REQUESTS })
  else if (how === 'change') await syncRepository(store, repository, learnt, ONLY_NEW)
}

function keyOf({ registry, repository }: Place): string {
  return `${registry}/${repository}`
}

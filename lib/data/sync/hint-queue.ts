import type { Place } from '../../oci/place.ts'
import type { Tag } from '../../oci/reference.ts'

export interface Hint extends Place {
  /** Absent: something in the repository. */
  readonly tag?: Tag
  readonly how: 'change' | 'notification'
  /** Of a change: by tag who has changed it. */
  readonly authors?: ReadonlyMap<Tag, string | undefined>
}

/** Notifications that wait. More than these are left to the next sync, which finds what they were about. */
const MOST_WAITING = 5_000
const AT_ONCE = 4

/**
 * Hints that wait to be looked at. Those about the same tag are one while they wait; each repository is looked at by one
 * at a time. Lading's own changes come first, however many notifications there are: what the registry says of them is
 * then known already.
 */
export class HintQueue {
  readonly #look: (hint: Hint) => Promise<void>
  readonly #changes = new Waiting()
  readonly #notifications = new Waiting()
  readonly #busy = new Set<string>()
  readonly #held = new Map<string, number>()
  isStarted = false

  constructor(look: (hint: Hint) => Promise<void>) {
    this.#look = look
  }

  add(hint: Hint): void {
    if (!this.isStarted) return
    const waiting = this.#changes.find(hint)
    if (hint.how === 'change') {
      this.#notifications.delete(hint)
      this.#changes.add({ ...hint, authors: new Map([...(waiting?.authors ?? []), ...(hint.authors ?? [])]) })
    } else if (waiting) return
    else {
      if (this.#notifications.size >= MOST_WAITING) return
      this.#notifications.add(hint)
    }
    if (!this.#busy.has(placeKey(hint))) this.#start()
  }

  /** Changes of a repository that wait. */
  changesOf(place: Place): Iterable<Hint> {
    return this.#changes.of(place)
  }

  /** Notifications about a target wait until it is released. */
  hold(target: Place & { readonly tag?: Tag }): () => void {
    const key = hintKey(target)
    this.#held.set(key, (this.#held.get(key) ?? 0) + 1)
    return () => {
      const left = (this.#held.get(key) ?? 1) - 1
      if (left > 0) this.#held.set(key, left)
      else this.#held.delete(key)
    }
  }

  #start(): void {
    while (this.#busy.size < AT_ONCE) {
      const isFree = (place: string) => !this.#busy.has(place)
      const isNotHeld = (place: string) => isFree(place) && !this.#held.has(`${place} `)
      const hint =
        this.#changes.take(isFree) ?? this.#notifications.take(isNotHeld, (one) => !this.#held.has(hintKey(one)))
      if (!hint) return
      const place = placeKey(hint)
      this.#busy.add(place)
      this.#look(hint)
        .catch((error) => console.error(`${place} couldn’t be checked again`, error))
        .finally(() => {
          this.#busy.delete(place)
          this.#start()
        })
    }
  }
}

/** By repository, so that finding the next costs nothing for the others of one that has to wait. */
class Waiting {
  readonly #byPlace = new Map<string, Map<string, Hint>>()
  size = 0

  find(hint: Hint): Hint | undefined {
    return this.#byPlace.get(placeKey(hint))?.get(hintKey(hint))
  }

  of(place: Place): Iterable<Hint> {
    return this.#byPlace.get(placeKey(place))?.values() ?? []
  }

  add(hint: Hint): void {
    const place = placeKey(hint)
    const hints = this.#byPlace.get(place) ?? new Map<string, Hint>()
    this.#byPlace.set(place, hints)
    if (!this.find(hint)) this.size += 1
    hints.set(hintKey(hint), hint)
  }

  delete(hint: Hint): void {
    const hints = this.#byPlace.get(placeKey(hint))
    if (!hints?.delete(hintKey(hint))) return
    this.size -= 1
    if (hints.size === 0) this.#byPlace.delete(placeKey(hint))
  }

  /** The first, in a repository and of a kind that may be taken. */
  take(isPlace: (place: string) => boolean, isHint: (hint: Hint) => boolean = () => true): Hint | undefined {
    for (const [place, hints] of this.#byPlace) {
      if (!isPlace(place)) continue
      for (const hint of hints.values()) {
        if (!isHint(hint)) continue
        this.delete(hint)
        return hint
      }
    }
    return undefined
  }
}

function hintKey(hint: Place & { readonly tag?: Tag }): string {
  return `${placeKey(hint)} ${hint.tag ?? ''}`
}

function placeKey({ registry, repository }: Place): string {
  return `${registry}/${repository}`
}

import type { Place } from '../../oci/place.ts'
import type { Tag } from '../../oci/reference.ts'
import type { Store } from '../../store/store.ts'
import type { Seen, TagRecord } from '../catalog.ts'
import type { SteadyClock } from './steady-clock.ts'
import { readTagRecords } from './tag-records.ts'

type Records = ReadonlyMap<Tag, Seen<TagRecord>>

/** Reads records of tags. Requests in the same turn are one statement: a page requests a hundred, one by one. */
export class TagRecordReader {
  readonly #store: Store
  readonly #clock: SteadyClock
  readonly #asked = new Map<string, { readonly tags: Set<Tag>; readonly answer: Promise<Records> }>()

  constructor(store: Store, clock: SteadyClock) {
    this.#store = store
    this.#clock = clock
  }

  /** @throws StoreError */
  async read(place: Place, tags: readonly Tag[]): Promise<Records> {
    const key = `${place.registry}/${place.repository}`
    const asked = this.#asked.get(key) ?? this.#ask(place, key)
    for (const tag of tags) asked.tags.add(tag)
    const records = await asked.answer
    return new Map(
      tags.flatMap((tag) => {
        const record = records.get(tag)
        return record ? [[tag, record]] : []
      }),
    )
  }

  #ask(place: Place, key: string) {
    const tags = new Set<Tag>()
    const answer = Promise.resolve().then(() => {
      this.#asked.delete(key)
      return readTagRecords(this.#store, this.#clock, place, [...tags])
    })
    const asked = { tags, answer }
    this.#asked.set(key, asked)
    return asked
  }
}

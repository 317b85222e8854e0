import type { Place } from '../oci/place.ts'
import type { Catalog } from './catalog.ts'

/** Places that are remembered. Of more, the oldest are left to the next reading. */
const KEPT = 10_000

/** Facts for the database once it's back, which can't be read from a registry later. */
export class MissedChanges {
  readonly #places = new Map<string, { readonly kind: 'exists' | 'changed'; readonly place: Place }>()

  add(kind: 'exists' | 'changed', place: Place): void {
    this.#places.set(`${kind} ${place.registry}/${place.repository}`, { kind, place })
    const [oldest] = this.#places.keys()
    if (this.#places.size > KEPT && oldest !== undefined) this.#places.delete(oldest)
  }

  /** @throws StoreError with what is left still remembered */
  async replay(catalog: Catalog): Promise<void> {
    for (const [key, { kind, place }] of this.#places) {
      await (kind === 'exists' ? catalog.recordRepository(place) : catalog.changed(place))
      this.#places.delete(key)
    }
  }
}

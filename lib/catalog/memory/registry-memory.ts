import type { RepositoryName } from '../../oci/reference.ts'
import type { RepositoryList, Seen } from '../catalog.ts'
import type { Clock } from '../clock.ts'
import { type Sighting, seen } from './sighting.ts'

/** The known repositories of one registry. */
export class RegistryMemory {
  #list: Sighting<RepositoryList> | undefined
  /** Without those of the list. */
  readonly #added = new Set<RepositoryName>()
  #whole: RepositoryList | undefined

  read(clock: Clock): Seen<RepositoryList> {
    this.#whole ??= this.#merge()
    const { seenAt = clock.now(), at = clock.monotonic(), isOutdated = this.#list === undefined } = this.#list ?? {}
    return seen({ value: this.#whole, seenAt, at, isOutdated }, clock)
  }

  keepList(list: Sighting<RepositoryList>): void {
    // What a complete list lacks was deleted, unless the registry only ever lists a part.
    if (!list.value.partial) this.#added.clear()
    this.#list = list
    this.#whole = undefined
  }

  add(repository: RepositoryName): void {
    if (this.#added.has(repository) || this.#whole?.sorted.includes(repository)) return
    this.#added.add(repository)
    this.#whole = undefined
  }

  outdate(): void {
    if (this.#list) this.#list = { ...this.#list, isOutdated: true }
  }

  #merge(): RepositoryList {
    const list = this.#list?.value ?? { sorted: [], partial: 'not listed yet' }
    if (this.#added.size === 0) return list
    return { ...list, sorted: [...new Set([...list.sorted, ...this.#added])].sort() }
  }
}

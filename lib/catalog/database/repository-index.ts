import { selectByGlobs } from '../../filter/select-by-globs.ts'
import type { Place } from '../../oci/place.ts'
import type { RepositoryName } from '../../oci/reference.ts'
import type { Store } from '../../store/store.ts'
import type { Visibility } from './visibility.ts'

export interface KnownRepository {
  readonly id: number
  readonly registry: string
  readonly name: RepositoryName
}

/** Visible repositories, by registry and name. */
export interface VisibleRepositories {
  readonly list: readonly KnownRepository[]
  readonly byId: ReadonlyMap<number, KnownRepository>
  /** True when these are all that there are: a query need not name them. */
  readonly isEverything: boolean
  /** The one at a place, if it's among them. */
  at(place: Place): KnownRepository | undefined
  of(registry: string): Pick<VisibleRepositories, 'list' | 'isEverything'>
}

/** Sets of globs whose repositories are kept. */
const KEPT = 50

/**
 * The repositories in memory, read again when one was added or removed: names are filtered here, the same way for
 * globs, patterns and grants on both databases, and the database gets ids.
 */
export class RepositoryIndex {
  readonly #store: Store
  #version = -1
  #byRegistry: ReadonlyMap<string, RegistryRepositories> = new Map()
  #visible = new Map<string, VisibleRepositories>()
  #loading: Promise<void> | undefined

  constructor(store: Store) {
    this.#store = store
  }

  /** @throws StoreError */
  async visible(visibility: Visibility): Promise<VisibleRepositories> {
    await this.#refresh()
    const key = JSON.stringify([...visibility].sort(([a], [b]) => (a < b ? -1 : 1)))
    const known = this.#visible.get(key)
    if (known) return known
    const selected = this.#select(visibility)
    if (this.#visible.size >= KEPT) this.#visible.clear()
    this.#visible.set(key, selected)
    return selected
  }

  /** Also where nobody may see it: callers have opened it. @throws StoreError */
  async known({ registry, repository }: Place): Promise<KnownRepository | undefined> {
    await this.#refresh()
    const id = this.#byRegistry.get(registry)?.ids.get(repository)
    return id === undefined ? undefined : { id, registry, name: repository }
  }

  #select(visibility: Visibility): VisibleRepositories {
    const known = this.#byRegistry
    const of = new Map(
      Array.from(known, ([registry, { sorted, ids }]) => {
        const names = selectByGlobs(sorted, visibility.get(registry) ?? [])
        const list = names.map((name) => ({ id: ids.get(name) as number, registry, name }))
        return [registry, { list, isEverything: list.length === sorted.length }]
      }),
    )
    const list = [...of.values()].flatMap((registry) => registry.list)
    const byId = new Map(list.map((repository) => [repository.id, repository]))
    return {
      list,
      byId,
      isEverything: [...of.values()].every(({ isEverything }) => isEverything),
      at: ({ registry, repository }) => byId.get(known.get(registry)?.ids.get(repository) ?? Number.NaN),
      of: (registry) => of.get(registry) ?? NOTHING,
    }
  }

  async #refresh(): Promise<void> {
    const { repository_version: version } = await this.#store.read
      .selectFrom('catalog_state')
      .select('repository_version')
      .executeTakeFirstOrThrow()
    if (version === this.#version) return
    this.#loading ??= this.#load(version).finally(() => {
      this.#loading = undefined
    })
    await this.#loading
  }

  async #load(version: number): Promise<void> {
    const rows = await this.#store.read
      .selectFrom('repository')
      .innerJoin('registry', 'registry.id', 'repository.registry_id')
      .select(['repository.id', 'registry.name as registry', 'repository.name'])
      .where('repository.gone_at', 'is', null)
      .orderBy('registry.name')
      .orderBy('repository.name')
      .execute()
    const registries = new Map<string, { sorted: RepositoryName[]; ids: Map<string, number> }>()
    for (const { id, registry, name } of rows) {
      const entry = registries.get(registry) ?? { sorted: [] as RepositoryName[], ids: new Map<string, number>() }
      registries.set(registry, entry)
      entry.sorted.push(name)
      entry.ids.set(name, id)
    }
    this.#byRegistry = registries
    this.#visible = new Map()
    this.#version = version
  }
}

interface RegistryRepositories {
  readonly sorted: readonly RepositoryName[]
  readonly ids: ReadonlyMap<string, number>
}

const NOTHING = { list: [], isEverything: false }

import type { Place } from '../../oci/place.ts'
import type { RepositoryName, Tag } from '../../oci/reference.ts'
import type { CallOptions, Registry, Repository } from '../../registry/registry.ts'
import type { Catalog, ReferrerCounts, RepositoryList, Seen, TagCounts, TagRecord } from '../catalog.ts'
import { type Clock, systemClock } from '../clock.ts'
import { ListReader, type ListSource, type ListState, type Waiting } from './list-reader.ts'
import { placeOf } from './place-of.ts'
import { Resolution } from './resolution.ts'
import { partialOf, tagListOf } from './tag-list-of.ts'
import { type OnRead, TagReader } from './tag-reader.ts'

/** A list is cut at this many repositories and marked partial. */
const REPOSITORY_LIMIT = 200_000
const TAG_LIMIT = 2_000_000

export interface ReaderOptions {
  readonly clock?: Clock
  /** Milliseconds that work goes on after everybody has left. */
  readonly grace?: number
  /** Called with each tag that a registry has just shown. */
  readonly onRead?: OnRead
}

/**
 * Reads registries through the catalog: fresh answers come from it; anything else is requested from the registry and
 * recorded first. Work is shared by all its readers and stops when the last one leaves.
 */
export class CatalogReader {
  readonly catalog: Catalog
  readonly #lists: ListReader
  readonly #tags: TagReader
  readonly #resolutions = new Map<string, Resolution>()
  readonly #counting = new Map<string, Promise<ReferrerCounts>>()
  readonly #grace: number | undefined

  constructor(catalog: Catalog, { clock = systemClock, grace, onRead }: ReaderOptions = {}) {
    this.catalog = catalog
    this.#lists = new ListReader({ clock, ...(grace !== undefined && { grace }) })
    this.#tags = new TagReader(catalog, onRead, clock)
    this.#grace = grace
  }

  /**
   * @param known what the catalog has just answered, if the caller has asked it
   * @throws RegistryError where no list was ever seen, or the registry refuses it
   */
  async repositories(
    registry: Registry,
    waiting: Waiting,
    known?: Seen<RepositoryList>,
  ): Promise<Seen<RepositoryList> & ListState> {
    const isRunning = this.#lists.isListing(repositoriesKey(registry.name))
    if (known && known.age < waiting.freshFor && !isRunning) return known
    const state = await this.#lists.refresh(this.#repositoryList(registry), waiting)
    const seen = await this.catalog.repositories(registry.name)
    // A registry of which not one name has come so far.
    return { ...(seen ?? NOTHING_YET), ...state }
  }

  /** Makes the list of tags as new as is wanted; pages of it are the catalog's. @throws RegistryError likewise */
  refreshTags(repository: Repository, waiting: Waiting): Promise<ListState> {
    return this.#lists.refresh(this.#tagList(repository), waiting)
  }

  /** Whether the registry didn't answer when it was asked last for the repository's tags, or for its repositories. */
  hasFailed(place: Place): boolean {
    const { failures } = this.#lists
    return Boolean(failures.last(tagsKey(place)) ?? failures.last(repositoriesKey(place.registry)))
  }

  /** The progress of the list of tags and their records, at an interval in milliseconds, until both are complete. */
  async *followTags(
    repository: Repository,
    { resolve, every, signal }: { resolve: boolean; every: number; signal: AbortSignal },
  ): AsyncGenerator<TagCounts & { readonly isListing: boolean }> {
    const place = placeOf(repository)
    const counts = async () => (await this.catalog.tagCounts(place))?.value ?? { total: 0, known: 0 }
    for await (const { soFar } of this.#lists.follow(tagsKey(place), every, signal))
      yield { ...(await counts()), total: soFar, isListing: true }
    if (!resolve || signal.aborted) return
    const resolution = this.#resolution(repository)
    const release = resolution.hold()
    try {
      for (let isOver = false; !isOver && !signal.aborted; ) {
        isOver = await resolution.isOverIn(every)
        yield { ...(await counts()), isListing: false }
      }
    } finally {
      release()
    }
  }

  /** Waits no longer than its patience for records of all tags. */
  async resolveTags(repository: Repository, patience: number): Promise<void> {
    const resolution = this.#resolution(repository)
    const release = resolution.hold()
    try {
      // Its error is reported to its followers.
      await resolution.isOverIn(patience).catch(() => true)
    } finally {
      release()
    }
  }

  /** What a tag points at: known for no longer than `freshFor`, else asked of the registry. @throws RegistryError for an outage or a refusal */
  async tag(repository: Repository, tag: Tag, freshFor: number, options?: CallOptions): Promise<TagRecord> {
    // Checked first: an answer that arrives while the catalog is read would be missed, and requested again.
    if (this.#tags.isAsked(repository, tag)) return this.#tags.read(repository, tag, options)
    const known = (await this.catalog.tagRecords(placeOf(repository), [tag])).get(tag)
    if (known && known.age < freshFor) return known.value
    return this.#tags.read(repository, tag, options, known?.value)
  }

  async referrerCounts(
    repository: Repository,
    subject: string,
    freshFor: number,
    count: () => Promise<ReferrerCounts>,
  ): Promise<ReferrerCounts> {
    const place = placeOf(repository)
    const known = await this.catalog.referrerCounts(place, subject)
    if (known && known.age < freshFor) return known.value
    const key = `${tagsKey(place)} ${subject}`
    const counting = this.#counting.get(key) ?? this.#count(place, subject, key, count)
    this.#counting.set(key, counting)
    return counting
  }

  /** A repository was changed, or may have been: the next reader asks the registry. */
  async changed(place: Place): Promise<void> {
    this.#lists.outdate(tagsKey(place))
    this.#tags.forget(place)
    this.#resolutions.get(tagsKey(place))?.stop()
    this.#resolutions.delete(tagsKey(place))
    for (const key of this.#counting.keys()) if (key.startsWith(`${tagsKey(place)} `)) this.#counting.delete(key)
    this.#lists.outdate(repositoriesKey(place.registry))
    await this.catalog.changed(place)
  }

  /** Somebody wants a registry's repositories listed again. */
  async registryChanged(registry: string): Promise<void> {
    this.#lists.forget(repositoriesKey(registry))
    await this.catalog.registryChanged(registry)
  }

  async #count(
    place: Place,
    subject: string,
    key: string,
    count: () => Promise<ReferrerCounts>,
  ): Promise<ReferrerCounts> {
    // A turn later `#counting` holds the promise that this is.
    await null
    const mine = this.#counting.get(key)
    try {
      const counts = await count()
      if (this.#counting.get(key) === mine) await this.catalog.recordReferrerCounts(place, subject, counts)
      return counts
    } finally {
      if (this.#counting.get(key) === mine) this.#counting.delete(key)
    }
  }

  #resolution(repository: Repository): Resolution {
    const key = tagsKey(placeOf(repository))
    const running = this.#resolutions.get(key)
    if (running) return running
    const resolution = new Resolution(this.catalog, this.#tags, repository, this.#grace)
    this.#resolutions.set(key, resolution)
    const done = () => this.#resolutions.get(key) === resolution && this.#resolutions.delete(key)
    resolution.end.then(done, done)
    return resolution
  }

  #repositoryList(registry: Registry): ListSource<RepositoryName> {
    return {
      key: repositoriesKey(registry.name),
      limit: REPOSITORY_LIMIT,
      seen: () => this.catalog.repositories(registry.name),
      start: (signal) => registry.repositories({ signal }),
      record: (items, end, isOutdated) =>
        this.catalog.recordRepositories(registry.name, { sorted: [...items].sort(), ...partialOf(end) }, isOutdated),
    }
  }

  #tagList(repository: Repository): ListSource<Tag> {
    const place = placeOf(repository)
    return {
      key: tagsKey(place),
      limit: TAG_LIMIT,
      seen: () => this.catalog.tagCounts(place),
      start: (signal) => repository.tags({ signal }),
      record: (items, end, isOutdated) => this.catalog.recordTags(place, tagListOf(items, end), isOutdated),
    }
  }
}

const NOTHING_YET: Seen<RepositoryList> = {
  value: { sorted: [], partial: 'still being listed' },
  seenAt: 0,
  age: Number.POSITIVE_INFINITY,
}

const repositoriesKey = (registry: string) => `repositories ${registry}`
const tagsKey = ({ registry, repository }: Place) => `tags ${registry}/${repository}`

import { sql } from 'kysely'
import type { Place } from '../../oci/place.ts'
import type { Tag } from '../../oci/reference.ts'
import type { Store } from '../../store/store.ts'
import type { Seen, TagCounts, TagList } from '../catalog.ts'
import { BoundedMap } from '../memory/bounded-map.ts'
import { originalPushTimes, recordTagList } from './record-tag-list.ts'
import { repositoryId } from './repository-ids.ts'
import { type RepositoryState, repositoryState } from './repository-state.ts'
import type { SteadyClock } from './steady-clock.ts'
import { originalText } from './stored-text.ts'

/** Tags in the lists that are kept. */
const MOST_KEPT = 100_000

/** The generation of a list that is older than its repository, whatever its generation is. */
const BEFORE = -1

/** The lists of tags, one for each repository. */
export class TagLists {
  readonly #store: Store
  readonly #clock: SteadyClock
  /** The last lists that were read, as objects that stay the same while the lists do, like those of repositories. */
  readonly #kept = new BoundedMap<{ readonly hash: string; readonly list: TagList }>(
    MOST_KEPT,
    ({ list }) => list.tags.length,
  )

  constructor(store: Store, clock: SteadyClock) {
    this.#store = store
    this.#clock = clock
  }

  async read(place: Place): Promise<Seen<TagList> | undefined> {
    const { read } = this.#store
    const state = await repositoryState(read, place)
    if (!state || state.list_seen === null) return undefined
    const key = `${state.id}`
    const kept = this.#kept.get(key)
    const list = kept?.hash === state.list_hash ? kept.list : await this.#load(state)
    return this.#clock.seen(list, state.list_seen, state.list_generation !== state.generation)
  }

  async #load({ id, list_hash: hash, list_partial: partial }: RepositoryState): Promise<TagList> {
    const { read } = this.#store
    const rows = await read
      .selectFrom('tag')
      .select('name')
      .where('repository_id', '=', id)
      .where('listed', '=', 1)
      .orderBy('name')
      .execute()
    const row = await read
      .selectFrom('repository')
      .select(['list_hash', 'list_pushed', 'list_folded'])
      .where('id', '=', id)
      .executeTakeFirstOrThrow()
    const list: TagList = {
      // Names are parsed before they are recorded.
      tags: rows.map(({ name }) => name),
      folded: JSON.parse(row.list_folded ?? '[]') as Tag[],
      ...(partial !== null && { partial: originalText(partial) }),
      ...(row.list_pushed !== null && { pushed: originalPushTimes(row.list_pushed) }),
    }
    // While names are written there is no hash: the names that were just read may be of two lists.
    if (hash !== null && row.list_hash === hash) this.#kept.set(`${id}`, { hash, list })
    return list
  }

  async counts(place: Place): Promise<Seen<TagCounts> | undefined> {
    const state = await repositoryState(this.#store.read, place)
    if (!state || state.list_seen === null) return undefined
    const { rows } = await sql<{ total: number; known: number }>`
      select count(*) as total, coalesce(sum(known), 0) as known from tag
      where repository_id = ${state.id} and listed = 1`.execute(this.#store.read)
    const { total = 0, known = 0 } = rows[0] ?? {}
    const partial = state.list_partial === null ? undefined : originalText(state.list_partial)
    const counts = { total, known, ...(partial !== undefined && { partial }) }
    return this.#clock.seen(counts, state.list_seen, state.list_generation !== state.generation)
  }

  async record(place: Place, list: TagList, isOutdated = false): Promise<void> {
    const { dialect, write } = this.#store
    const at = this.#clock.now()
    const state = await repositoryState(write, place)
    // Proves nothing: there are registries that list no tags for any name.
    if (!state && list.tags.length + list.folded.length === 0) return
    const id = state?.id ?? (await write.transaction().execute((db) => repositoryId(db, dialect, place, at)))
    await recordTagList(this.#store, { id, hash: state?.list_hash ?? null }, list, {
      at,
      ...(isOutdated && { generation: BEFORE }),
    })
  }
}

import { createHash } from 'node:crypto'
import { sql } from 'kysely'
import type { Place } from '../../oci/place.ts'
import type { Tag } from '../../oci/reference.ts'
import { versionKey } from '../../oci/version-key.ts'
import type { PushTimes } from '../../registry/listing.ts'
import { insertMissing } from '../../store/insert-missing.ts'
import type { Store } from '../../store/store.ts'
import type { Seen, TagCounts, TagList } from '../catalog.ts'
import { repositoryId } from './record-tags.ts'
import { repositoryState } from './repository-state.ts'
import type { SteadyClock } from './steady-clock.ts'
import { originalText, storedText } from './stored-text.ts'

/** Names that one transaction writes: others write in between. */
const AT_ONCE = 5_000

/** The lists of tags, one for each repository. */
export class TagLists {
  readonly #store: Store
  readonly #clock: SteadyClock

  constructor(store: Store, clock: SteadyClock) {
    this.#store = store
    this.#clock = clock
  }

  async read(place: Place): Promise<Seen<TagList> | undefined> {
    const { read } = this.#store
    const state = await repositoryState(read, place)
    if (!state || state.list_seen === null) return undefined
    const rows = await read
      .selectFrom('tag')
      .select('name')
      .where('repository_id', '=', state.id)
      .where('listed', '=', 1)
      .orderBy('name')
      .execute()
    const { list_pushed: pushed, list_folded: folded } = await read
      .selectFrom('repository')
      .select(['list_pushed', 'list_folded'])
      .where('id', '=', state.id)
      .executeTakeFirstOrThrow()
    const list: TagList = {
      // Names are parsed before they are recorded.
      tags: rows.map(({ name }) => name as Tag),
      folded: JSON.parse(folded ?? '[]') as Tag[],
      ...(state.list_partial !== null && { partial: originalText(state.list_partial) }),
      ...(pushed !== null && { pushed: originalPushTimes(pushed) }),
    }
    return this.#clock.seen(list, state.list_seen, state.list_generation !== state.generation)
  }

  async counts(place: Place): Promise<Seen<TagCounts> | undefined> {
    const state = await repositoryState(this.#store.read, place)
    if (!state || state.list_seen === null) return undefined
    const { rows } = await sql<{ total: number; known: number }>`
      select count(*) as total, coalesce(sum(known), 0) as known from tag
      where repository_id = ${state.id} and listed = 1`.execute(this.#store.read)
    const { total = 0, known = 0 } = rows[0] ?? {}
    return this.#clock.seen({ total, known }, state.list_seen, state.list_generation !== state.generation)
  }

  async record(place: Place, list: TagList): Promise<void> {
    const { write } = this.#store
    const at = this.#clock.now()
    const hash = hashOf(list)
    const state = await repositoryState(write, place)
    const id =
      state?.id ?? (await write.transaction().execute((db) => repositoryId(db, this.#store.dialect, place, at)))
    if (state?.list_hash !== hash) await this.#recordNames(id, list, at)
    await write
      .updateTable('repository')
      .set(({ ref }) => ({
        list_seen: at,
        list_generation: ref('generation'),
        list_hash: hash,
        list_partial: list.partial === undefined ? null : storedText(list.partial),
        list_pushed: list.pushed ? storedPushTimes(list.pushed) : null,
        list_folded: list.folded.length > 0 ? JSON.stringify(list.folded) : null,
        folded: list.folded.length,
        tags_seen: at,
        ...(list.partial === undefined && { tags_complete: 1 }),
      }))
      .where('id', '=', id)
      .execute()
  }

  async #recordNames(repository: number, list: TagList, at: number): Promise<void> {
    const { dialect, write, read } = this.#store
    const rows = await read
      .selectFrom('tag')
      .select(['id', 'name', 'listed', 'known'])
      .where('repository_id', '=', repository)
      .execute()
    const listed = new Set<string>(list.tags)
    const before = new Set(rows.filter((row) => row.listed === 1).map(({ name }) => name))
    const added = list.tags.filter((tag) => !before.has(tag))
    // Nothing is gone by this: that is for a sync to find out. But where it points is not known any more.
    const fallen = rows.filter((row) => !listed.has(row.name) && (row.listed === 1 || row.known === 1))
    for (const names of chunks(added, AT_ONCE))
      await write.transaction().execute(async (db) => {
        await insertMissing(db, dialect, {
          table: 'tag_name',
          columns: { name: 'text' },
          rows: names.map((name) => [name]),
        })
        const columns = { name: 'text', version_key: 'text' } as const
        const some = names.map((name) => [name, versionKey(name).key])
        await sql`
          insert into tag (repository_id, name, first_seen, listed, version_key)
          select ${sql.lit(repository)}, name, ${sql.lit(at)}, 1, version_key
          from ${dialect.rows('new', columns, some)} where true
          on conflict (repository_id, name) do update
          set listed = 1, version_key = excluded.version_key`.execute(db)
      })
    for (const some of chunks(fallen, AT_ONCE)) {
      const isFallen = dialect.isOneOf(
        sql.ref('id'),
        some.map(({ id }) => id),
      )
      const forgets = list.partial === undefined ? sql`, known = 0` : sql``
      await sql`update tag set listed = 0${forgets} where ${isFallen}`.execute(write)
    }
  }
}

function hashOf({ tags, folded, partial, pushed }: TagList): string {
  const hash = createHash('sha256')
  for (const tag of tags) hash.update(`${tag}\n`)
  hash.update(JSON.stringify([folded, partial ?? null, pushed ? storedPushTimes(pushed) : null]))
  return hash.digest('base64url')
}

function storedPushTimes({ source, times }: PushTimes): string {
  return storedText(JSON.stringify({ source, times: [...times] }))
}

export function originalPushTimes(stored: string): PushTimes {
  // Only `storedPushTimes` writes it.
  const { source, times } = JSON.parse(originalText(stored)) as { source: string; times: [Tag, string][] }
  return { source, times: new Map(times) }
}

function* chunks<T>(items: readonly T[], size: number): Generator<readonly T[]> {
  for (let start = 0; start < items.length; start += size) yield items.slice(start, start + size)
}

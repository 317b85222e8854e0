import { createHash } from 'node:crypto'
import { sql, type Updateable } from 'kysely'
import type { Tag } from '../../oci/reference.ts'
import { versionKey } from '../../oci/version-key.ts'
import type { PushTimes } from '../../registry/listing.ts'
import { insertMissing } from '../../store/insert-missing.ts'
import type { Store } from '../../store/store.ts'
import type { Tables } from '../../store/tables.ts'
import type { TagList } from '../catalog.ts'
import { originalText, storedText } from './stored-text.ts'

/** Names that one transaction writes: others write in between. */
const AT_ONCE = 5_000

export interface ListedOptions {
  /** When the registry was asked for it; milliseconds since the epoch. */
  readonly at: number
  /** The repository's generation at that time. Default: what it is now. */
  readonly generation?: number
  /** Columns of the repository that are written with the list. */
  readonly further?: Updateable<Tables['repository']>
}

/**
 * Records the list of a repository's tags. Names that are unchanged aren't written again.
 * @param repository `hash`: the repository's `list_hash`
 * @throws StoreError
 */
export async function recordTagList(
  store: Store,
  { id, hash: before }: { readonly id: number; readonly hash: string | null },
  list: TagList,
  { at, generation, further }: ListedOptions,
): Promise<void> {
  const { write } = store
  const hash = tagListHash(list)
  if (before !== hash) {
    if (before !== null) await write.updateTable('repository').set({ list_hash: null }).where('id', '=', id).execute()
    await recordNames(store, id, list, at)
  }
  await write
    .updateTable('repository')
    .set(({ ref }) => ({
      ...further,
      list_seen: at,
      list_generation: generation ?? ref('generation'),
      tags_seen: at,
      // The hash is of all of it.
      ...(before !== hash && {
        list_hash: hash,
        list_partial: list.partial === undefined ? null : storedText(list.partial),
        list_pushed: list.pushed ? storedPushTimes(list.pushed) : null,
        list_folded: list.folded.length > 0 ? JSON.stringify(list.folded) : null,
        folded: list.folded.length,
      }),
      ...(list.partial === undefined && { tags_complete: 1 }),
    }))
    .where('id', '=', id)
    .execute()
}

async function recordNames(store: Store, repository: number, list: TagList, at: number): Promise<void> {
  const { dialect, write, read } = store
  const rows = await read
    .selectFrom('tag')
    .select(['id', 'name', 'listed', 'known'])
    .where('repository_id', '=', repository)
    .execute()
  const listed = new Set<string>(list.tags)
  const known = new Set(rows.map(({ name }) => name))
  // This deletes nothing: a sync decides that. But the tag's target is no longer known.
  const fallen = rows.filter((row) => !listed.has(row.name) && (row.listed === 1 || row.known === 1))
  const risen = rows.filter((row) => listed.has(row.name) && row.listed === 0)
  await addNames(
    store,
    repository,
    list.tags.filter((tag) => !known.has(tag)),
    at,
  )
  const forgets = list.partial === undefined ? sql`, known = 0` : sql``
  for (const [some, change] of [
    [risen, sql`listed = 1`],
    [fallen, sql`listed = 0${forgets}`],
  ] as const)
    for (const part of chunks(some, AT_ONCE)) {
      const ids = part.map(({ id }) => id)
      await sql`update tag set ${change} where ${dialect.isOneOf(sql.ref('id'), ids)}`.execute(write)
    }
}

/** Tags that nothing was known of. */
async function addNames({ dialect, write }: Store, repository: number, tags: readonly Tag[], at: number) {
  for (const names of chunks(tags, AT_ONCE))
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
}

/** Of everything that a list says. */
export function tagListHash({ tags, folded, partial, pushed }: TagList): string {
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

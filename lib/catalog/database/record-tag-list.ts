import { createHash } from 'node:crypto'
import { type Kysely, sql, type Transaction } from 'kysely'
import type { Tag } from '../../oci/reference.ts'
import { versionKey } from '../../oci/version-key.ts'
import type { PushTimes } from '../../registry/listing.ts'
import { commitAll } from '../../store/commit-together.ts'
import { distinctRows, insertMissing } from '../../store/insert-missing.ts'
import type { Store } from '../../store/store.ts'
import type { StoreDialect } from '../../store/store-dialect.ts'
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
  readonly further?: { readonly last_seen?: number; readonly looked_at?: number }
}

/**
 * Records the list of a repository's tags. Names that are unchanged aren't written again, and lists that come meanwhile
 * are written together.
 * @param repository `hash`: the repository's `list_hash`
 * @throws StoreError
 */
export async function recordTagList(
  store: Store,
  { id, hash: before }: { readonly id: number; readonly hash: string | null },
  list: TagList,
  options: ListedOptions,
): Promise<void> {
  const { write, dialect } = store
  const hash = tagListHash(list)
  const listed = { dialect, id, list, hash, isChanged: before !== hash, ...options }
  if (!listed.isChanged || list.tags.length <= AT_ONCE) return commitAll(store, listed, writeLists)
  // Others write in between. While names are being written there is no hash: it is of all of them.
  if (before !== null) await write.updateTable('repository').set({ list_hash: null }).where('id', '=', id).execute()
  await recordNames(dialect, store.read, (work) => write.transaction().execute(work), [listed])
  await write.transaction().execute((db) => writeStates(db, dialect, [listed]))
}

interface Listed extends ListedOptions {
  readonly dialect: StoreDialect
  /** The repository. */
  readonly id: number
  readonly list: TagList
  readonly hash: string
  readonly isChanged: boolean
}

async function writeLists(db: Transaction<Tables>, all: readonly Listed[]): Promise<undefined> {
  const lists = newestLists(all)
  const [first] = lists
  if (!first) return
  const changed = lists.filter(({ isChanged }) => isChanged)
  if (changed.length > 0) await recordNames(first.dialect, db, (work) => work(db), changed)
  await writeStates(db, first.dialect, lists)
}

/** The newest list of each repository, with what any of them writes beside it. */
function newestLists(all: readonly Listed[]): readonly Listed[] {
  const lists = new Map<number, Listed>()
  for (const listed of all) {
    const other = lists.get(listed.id) ?? listed
    const newest = listed.at >= other.at ? listed : other
    lists.set(listed.id, { ...newest, further: { ...other.further, ...listed.further } })
  }
  return [...lists.values()]
}

const STATE = {
  id: 'int',
  at: 'bigint',
  generation: 'int',
  last_seen: 'bigint',
  looked_at: 'bigint',
  is_changed: 'int',
  list_hash: 'text',
  list_partial: 'text',
  list_pushed: 'text',
  list_folded: 'text',
  folded: 'int',
} as const
const CONTENT = ['list_hash', 'list_partial', 'list_pushed', 'list_folded', 'folded'] as const

async function writeStates(db: Kysely<Tables>, dialect: StoreDialect, lists: readonly Listed[]): Promise<void> {
  const rows = lists.map(({ id, at, generation, further = {}, isChanged, hash, list }) => [
    id,
    at,
    generation ?? null,
    further.last_seen ?? null,
    further.looked_at ?? null,
    isChanged ? 1 : 0,
    hash,
    list.partial === undefined ? null : storedText(list.partial),
    list.pushed && isChanged ? storedPushTimes(list.pushed) : null,
    list.folded.length > 0 ? JSON.stringify(list.folded) : null,
    list.folded.length,
  ])
  const content = CONTENT.map((column) => {
    const [before, now] = [sql.ref(`repository.${column}`), sql.ref(`seen.${column}`)]
    return sql`${sql.ref(column)} = case when seen.is_changed = 1 then ${now} else ${before} end`
  })
  await sql`
    update repository set list_seen = seen.at, tags_seen = seen.at,
      list_generation = coalesce(seen.generation, repository.generation),
      last_seen = coalesce(seen.last_seen, repository.last_seen),
      looked_at = coalesce(seen.looked_at, repository.looked_at),
      tags_complete = case when seen.list_partial is null then 1 else repository.tags_complete end,
      ${sql.join(content)}
    from ${dialect.rows('seen', STATE, rows)} where repository.id = seen.id`.execute(db)
}

/** Runs a step of the work, in a transaction. */
type Run = (work: (db: Kysely<Tables>) => Promise<unknown>) => Promise<unknown>

async function recordNames(
  dialect: StoreDialect,
  read: Kysely<Tables>,
  run: Run,
  lists: readonly Listed[],
): Promise<void> {
  const rows = await read
    .selectFrom('tag')
    .select(['id', 'repository_id', 'name', 'listed', 'known'])
    .where((eb) =>
      dialect.isOneOf(
        eb.ref('repository_id'),
        lists.map(({ id }) => id),
      ),
    )
    .execute()
  const known = Map.groupBy(rows, (row) => row.repository_id)
  const added: NewName[] = []
  const risen: number[] = []
  const fallen: number[] = []
  const forgotten: number[] = []
  for (const { id, list, at } of lists) {
    const before = known.get(id) ?? []
    const names = new Set(before.map(({ name }) => name))
    const listed = new Set<string>(list.tags)
    for (const name of list.tags) if (!names.has(name)) added.push([id, name, at])
    for (const row of before) {
      if (listed.has(row.name)) {
        if (row.listed === 0) risen.push(row.id)
      } else if (row.listed === 1 || row.known === 1)
        // This deletes nothing: a sync decides that. But the tag's target is no longer known.
        (list.partial === undefined ? forgotten : fallen).push(row.id)
    }
  }
  for (const some of chunks(added, AT_ONCE)) await run((db) => addNames(dialect, db, some))
  for (const [ids, change] of [
    [risen, sql`listed = 1`],
    [fallen, sql`listed = 0`],
    [forgotten, sql`listed = 0, known = 0`],
  ] as const)
    for (const some of chunks(ids, AT_ONCE))
      await run((db) => sql`update tag set ${change} where ${dialect.isOneOf(sql.ref('id'), some)}`.execute(db))
}

type NewName = readonly [repository: number, name: Tag, at: number]

/** Tags that nothing was known of. */
async function addNames(dialect: StoreDialect, db: Kysely<Tables>, added: readonly NewName[]): Promise<void> {
  await insertMissing(db, dialect, {
    table: 'tag_name',
    columns: { name: 'text' },
    rows: distinctRows(
      added.map(([, name]) => [name]),
      1,
    ),
  })
  const columns = { repository_id: 'int', name: 'text', first_seen: 'bigint', version_key: 'text' } as const
  const rows = added.map(([repository, name, at]) => [repository, name, at, versionKey(name).key])
  await sql`
    insert into tag (repository_id, name, first_seen, listed, version_key)
    select repository_id, name, first_seen, 1, version_key
    from ${dialect.rows('new', columns, rows)} where true
    on conflict (repository_id, name) do update
    set listed = 1, version_key = excluded.version_key`.execute(db)
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

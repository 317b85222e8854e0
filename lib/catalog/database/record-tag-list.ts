import { createHash } from 'node:crypto'
import { type Kysely, sql } from 'kysely'
import type { Tag } from '../../oci/reference.ts'
import { versionKey } from '../../oci/version-key.ts'
import type { PushTimes } from '../../registry/listing.ts'
import { commitAll, commitTogether } from '../../store/commit-together.ts'
import { insertMissing } from '../../store/insert-missing.ts'
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
  const listed = { dialect, id, isWhole: list.partial === undefined, ...options }
  if (before === hash) return commitAll(store, listed, writeListed)
  const content = {
    list_hash: hash,
    list_partial: list.partial === undefined ? null : storedText(list.partial),
    list_pushed: list.pushed ? storedPushTimes(list.pushed) : null,
    list_folded: list.folded.length > 0 ? JSON.stringify(list.folded) : null,
    folded: list.folded.length,
  }
  const finish = async (db: Kysely<Tables>) => {
    // The hash is of all of it.
    await db.updateTable('repository').set(content).where('id', '=', id).execute()
    await writeListed(db, [listed])
  }
  if (list.tags.length <= AT_ONCE)
    return commitTogether(store, async (db) => {
      await recordNames(dialect, db, (work) => work(db), { id, list, at: options.at })
      await finish(db)
    })
  if (before !== null) await write.updateTable('repository').set({ list_hash: null }).where('id', '=', id).execute()
  const inSteps: Run = (work) => write.transaction().execute(work)
  await recordNames(dialect, store.read, inSteps, { id, list, at: options.at })
  await inSteps(finish)
}

interface Listed extends ListedOptions {
  readonly dialect: StoreDialect
  readonly id: number
  readonly isWhole: boolean
}

const LISTED = {
  id: 'int',
  at: 'bigint',
  generation: 'int',
  is_whole: 'int',
  last_seen: 'bigint',
  looked_at: 'bigint',
} as const

async function writeListed(db: Kysely<Tables>, listed: readonly Listed[]): Promise<undefined> {
  const [first] = listed
  if (!first) return
  const rows = listed.map(({ id, at, generation, isWhole, further = {} }) => [
    id,
    at,
    generation ?? null,
    isWhole ? 1 : 0,
    further.last_seen ?? null,
    further.looked_at ?? null,
  ])
  await sql`
    update repository set list_seen = seen.at, tags_seen = seen.at,
      list_generation = coalesce(seen.generation, repository.generation),
      tags_complete = case when seen.is_whole = 1 then 1 else repository.tags_complete end,
      last_seen = coalesce(seen.last_seen, repository.last_seen),
      looked_at = coalesce(seen.looked_at, repository.looked_at)
    from ${first.dialect.rows('seen', LISTED, rows)} where repository.id = seen.id`.execute(db)
}

/** Runs a step of the work, in a transaction. */
type Run = <T>(work: (db: Kysely<Tables>) => Promise<T>) => Promise<T>

async function recordNames(
  dialect: StoreDialect,
  read: Kysely<Tables>,
  run: Run,
  { id: repository, list, at }: { readonly id: number; readonly list: TagList; readonly at: number },
): Promise<void> {
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
  for (const names of chunks(
    list.tags.filter((tag) => !known.has(tag)),
    AT_ONCE,
  ))
    await run((db) => addNames(dialect, db, { repository, names, at }))
  const forgets = list.partial === undefined ? sql`, known = 0` : sql``
  for (const [some, change] of [
    [risen, sql`listed = 1`],
    [fallen, sql`listed = 0${forgets}`],
  ] as const)
    for (const part of chunks(some, AT_ONCE)) {
      const ids = part.map(({ id }) => id)
      await run((db) => sql`update tag set ${change} where ${dialect.isOneOf(sql.ref('id'), ids)}`.execute(db))
    }
}

/** Tags that nothing was known of. */
async function addNames(
  dialect: StoreDialect,
  db: Kysely<Tables>,
  { repository, names, at }: { readonly repository: number; readonly names: readonly Tag[]; readonly at: number },
): Promise<void> {
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

import { type RawBuilder, sql, type Transaction } from 'kysely'
import type { Digest } from '../../oci/digest.ts'
import type { Place } from '../../oci/place.ts'
import { commitAll } from '../../store/commit-together.ts'
import { readTogether } from '../../store/read-together.ts'
import type { Store } from '../../store/store.ts'
import type { StoreDialect } from '../../store/store-dialect.ts'
import type { Tables } from '../../store/tables.ts'
import { IS_WHOLE } from './record-manifests.ts'

/** A tag that was read without a problem, on a manifest that is known whole. */
export interface SettledTag {
  readonly tag: string
  readonly digest: string
  /** Ids in the database. */
  readonly repository: number
  readonly manifest: number
}

/**
 * Those of the tags that are settled: if they still point there, nothing about them has to be read.
 * @param repository its id
 * @throws StoreError
 */
export function settledTags(
  store: Store,
  repository: number,
  tags: readonly string[],
): Promise<ReadonlyMap<string, SettledTag>> {
  return readTogether(store, { repository, tags }, readSettled)
}

interface Asked {
  readonly repository: number
  readonly tags: readonly string[]
}

async function readSettled({ read, dialect }: Store, asked: readonly Asked[]) {
  const repositories = [...new Set(asked.map(({ repository }) => repository))]
  const names = [...new Set(asked.flatMap(({ tags }) => tags))]
  // By two lists, and not by a list of pairs: PostgreSQL reads the whole table for those while it has no statistics.
  const { rows } = await sql<SettledTag>`
    select t.name as tag, t.repository_id as repository, t.manifest_id as manifest,
      ${dialect.digestText(sql.ref('manifest.digest'))} as digest
    from tag t join manifest on manifest.id = t.manifest_id
    where ${dialect.isOneOf(sql.ref('t.repository_id'), repositories)} and ${dialect.isOneOfTexts(sql.ref('t.name'), names)}
      and t.problem is null and t.error is null and (t.known = 1 or manifest.summary is null)
      and t.created = coalesce(manifest.created, -1) and t.size = coalesce(manifest.size, -1) and ${IS_WHOLE}`.execute(
    read,
  )
  const found = Map.groupBy(rows, (row) => row.repository)
  return asked.map(({ repository }) => new Map((found.get(repository) ?? []).map((row) => [row.tag, row])))
}

/** Records that settled tags were seen where they were. @param at milliseconds since the epoch @throws StoreError */
export async function recordUnmoved(store: Store, tags: readonly SettledTag[], at: number): Promise<void> {
  await commitAll(store, { dialect: store.dialect, tags, at }, writeUnmoved)
}

async function writeUnmoved(
  db: Transaction<Tables>,
  seen: readonly { readonly dialect: StoreDialect; readonly tags: readonly SettledTag[]; readonly at: number }[],
): Promise<undefined> {
  const [first] = seen
  if (!first) return
  const rows = seen.flatMap(({ tags, at }) =>
    tags.map(({ repository, tag, manifest }) => [repository, tag, manifest, at] as const),
  )
  const columns = { repository_id: 'int', name: 'text', manifest_id: 'int', at: 'bigint' } as const
  await writeSeen(
    db,
    sql`${first.dialect.rows('seen', columns, rows)} join repository on repository.id = seen.repository_id`,
    sql.ref('seen.manifest_id'),
  )
}

interface SeenTag {
  readonly tag: string
  readonly digest: Digest
  readonly at: number
}

/** Records that a tag of which there is a record was seen where that says. @throws StoreError */
export async function confirmTag(store: Store, place: Place, seen: SeenTag): Promise<void> {
  await commitAll(store, { ...seen, place, dialect: store.dialect }, writeConfirmed)
}

async function writeConfirmed(
  db: Transaction<Tables>,
  seen: readonly (SeenTag & { readonly place: Place; readonly dialect: StoreDialect })[],
): Promise<undefined> {
  const [first] = seen
  if (!first) return
  const rows = seen.map(({ place, tag, digest, at }) => [place.registry, place.repository, tag, digest, at] as const)
  const columns = { registry: 'text', repository: 'text', name: 'text', digest: 'digest', at: 'bigint' } as const
  await writeSeen(
    db,
    sql`${first.dialect.rows('seen', columns, rows)}
      join registry on registry.name = seen.registry
      join repository on repository.registry_id = registry.id and repository.name = seen.repository
      join manifest on manifest.digest = seen.digest`,
    sql.ref('manifest.id'),
  )
}

/**
 * Nobody's answers change: only the age of what is known. What is recorded of a tag that was moved meanwhile is newer.
 * @param from `seen` and the repository of each
 */
async function writeSeen(db: Transaction<Tables>, from: RawBuilder<unknown>, manifest: RawBuilder<unknown>) {
  await sql`
    update tag set checked_at = case when tag.checked_at > seen.at then tag.checked_at else seen.at end,
      generation = repository.generation
    from ${from}
    where tag.repository_id = repository.id and tag.name = seen.name and tag.manifest_id = ${manifest}`.execute(db)
}

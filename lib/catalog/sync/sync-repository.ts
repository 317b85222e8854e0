import { sql } from 'kysely'
import { isReferrersTag } from '../../image/referrers/referrers-tag.ts'
import type { Place } from '../../oci/place.ts'
import type { Tag } from '../../oci/reference.ts'
import { collect } from '../../registry/listing.ts'
import type { Repository } from '../../registry/registry.ts'
import type { Store } from '../../store/store.ts'
import { type Learnt, recordGoneTags, recordRepositories } from '../database/record-tags.ts'
import { placeOf } from '../read-through/place-of.ts'
import { type LookOptions, lookAtTags } from './look-at-tags.ts'

export interface SyncedRepository {
  readonly tags: number
  readonly problems: number
  /** Why the list of tags is known to be partial: nothing was taken to be gone. */
  readonly partial?: string
}

/** Tags that are looked at and recorded at a time. */
const BATCH = 100
const MOST_TAGS = 2_000_000

interface SyncRepositoryOptions extends LookOptions {
  /** Only tags that the catalog doesn't know, and those that went: not what moved. */
  readonly onlyNew?: boolean
  /** The registry lists it: it is there although it has no tags. */
  readonly isListed?: boolean
}

/**
 * Brings what is known of a repository up to date. A tag goes only after a complete list without it and a GET that
 * proves that it is gone.
 * @throws RegistryError, StoreError
 */
export async function syncRepository(
  store: Store,
  repository: Repository,
  learnt: Learnt,
  options: SyncRepositoryOptions,
): Promise<SyncedRepository> {
  const place = placeOf(repository)
  const call = options.signal ? { signal: options.signal } : {}
  const { items, end } = await collect(repository.tags(call), MOST_TAGS)
  const listed = items.filter((tag) => !isReferrersTag(tag))
  const id =
    (await knownId(store, place)) ?? (await newId(store, place, learnt.at, listed.length > 0 || options.isListed))
  // Neither known nor there.
  if (id === undefined) return { tags: 0, problems: 0 }
  const known = await knownTags(store, id)
  const inList = new Set(listed)
  const wanted = options.onlyNew ? listed.filter((tag) => !known.has(tag)) : listed
  const missing: Tag[] = []
  let problems = 0
  for (let start = 0; start < wanted.length; start += BATCH) {
    options.signal?.throwIfAborted()
    const looked = await lookAtTags(store, repository, wanted.slice(start, start + BATCH), learnt, options)
    problems += looked.problems
    missing.push(...looked.missing)
  }
  if (end.complete) {
    const absent = [...known].filter((tag) => !inList.has(tag))
    const { missing: gone } = await lookAtTags(store, repository, absent, learnt, options)
    if (gone.length > 0) await recordGoneTags(store, place, gone, learnt)
  }
  // Listed, and yet there is nothing: known before or not, it is a problem of the tag and not its end.
  if (missing.length > 0) await markMissing(store, id, missing)
  await store.write
    .updateTable('repository')
    .set({
      last_seen: learnt.at,
      tags_seen: learnt.at,
      ...(end.complete && { tags_complete: 1 }),
      ...(!options.onlyNew && { looked_at: learnt.at }),
    })
    .where('id', '=', id)
    .execute()
  return { tags: listed.length, problems: problems + missing.length, ...(!end.complete && { partial: end.reason }) }
}

async function knownId({ read }: Store, { registry, repository }: Place): Promise<number | undefined> {
  const row = await read
    .selectFrom('repository')
    .innerJoin('registry', 'registry.id', 'repository.registry_id')
    .select('repository.id')
    .where('registry.name', '=', registry)
    .where('repository.name', '=', repository)
    .where('repository.gone_at', 'is', null)
    .executeTakeFirst()
  return row?.id
}

/** Once all of its registry was synced, a repository that wasn't known is new, and so are its tags. */
async function newId(store: Store, { registry, repository }: Place, at: number, exists: boolean | undefined) {
  const [id] = exists ? await recordRepositories(store, registry, [repository], at) : []
  if (id !== undefined)
    await sql`
      update repository set looked_at = ${at} where id = ${id} and exists (
        select 1 from sync_run where sync_run.registry_id = repository.registry_id and state = 'complete'
      )`.execute(store.write)
  return id
}

async function knownTags({ read }: Store, repository: number): Promise<ReadonlySet<Tag>> {
  const rows = await read.selectFrom('tag').select('name').where('repository_id', '=', repository).execute()
  return new Set(rows.map(({ name }) => name as Tag))
}

async function markMissing({ write, dialect }: Store, repository: number, tags: readonly Tag[]): Promise<void> {
  await sql`
    update tag set problem = 'not-found'
    where repository_id = ${repository} and ${dialect.isOneOfTexts(sql.ref('name'), tags)}`.execute(write)
}

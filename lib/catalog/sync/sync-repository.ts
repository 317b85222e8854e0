import { sql } from 'kysely'
import type { Place } from '../../oci/place.ts'
import type { Tag } from '../../oci/reference.ts'
import { collect } from '../../registry/listing.ts'
import type { Repository } from '../../registry/registry.ts'
import { readTogether } from '../../store/read-together.ts'
import type { Store } from '../../store/store.ts'
import type { TagList } from '../catalog.ts'
import { type ListedOptions, recordTagList, tagListHash } from '../database/record-tag-list.ts'
import { recordGoneTags } from '../database/record-tags.ts'
import { knownRepositoryId } from '../database/repository-ids.ts'
import { type RepositoryState, repositoryStates } from '../database/repository-state.ts'
import type { Learnt } from '../database/tag-rows.ts'
import { placeOf } from '../read-through/place-of.ts'
import { tagListOf } from '../read-through/tag-list-of.ts'
import { recordNewRepositories } from './record-new-repositories.ts'
import { syncAttachments } from './sync-attachments.ts'
import { type LookOptions, syncTags, unbounded } from './sync-tags.ts'

export interface SyncedRepository {
  readonly tags: number
  readonly problems: number
  /** Why the list of tags is partial: no tag was considered deleted. */
  readonly partial?: string
}

/** Tags that are read and recorded at a time. */
const BATCH = 100
const MOST_TAGS = 2_000_000

interface SyncRepositoryOptions extends LookOptions {
  /** Only new and deleted tags, not moved ones. */
  readonly onlyNew?: boolean
  /** The registry lists it: it is there although it has no tags. */
  readonly isListed?: boolean
}

/**
 * Updates the catalog's knowledge of a repository. A tag is removed only after a complete list without it and a GET
 * that proves it's deleted.
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
  const before = await readTogether(store, place, repositoryStates)
  const { gate = unbounded } = options
  const { items, end } = await gate(() => collect(repository.tags(call), MOST_TAGS))
  const { tags: listed } = tagListOf(items, end)
  const id =
    before?.id ??
    (await knownRepositoryId(store.read, place)) ??
    (listed.length > 0 || options.isListed
      ? (await recordNewRepositories(store, place.registry, [place.repository], learnt.at))[0]
      : undefined)
  // Neither known nor there.
  if (id === undefined) return { tags: 0, problems: 0 }
  const known = await readTogether(store, id, knownTags)
  const inList = new Set(listed)
  const wanted = options.onlyNew ? listed.filter((tag) => !known.has(tag)) : listed
  const missing: Tag[] = []
  let problems = 0
  for (let start = 0; start < wanted.length; start += BATCH) {
    options.signal?.throwIfAborted()
    const looked = await syncTags(store, repository, wanted.slice(start, start + BATCH), learnt, {
      ...options,
      id,
      areFirstListed: before?.list_seen === undefined || before.list_seen === null,
    })
    problems += looked.problems
    missing.push(...looked.missing)
  }
  if (end.complete) {
    const absent = [...known].filter((tag) => !inList.has(tag))
    const unlisted = { ...options, id, areUnlisted: true }
    const askedAt = Date.now()
    const { missing: gone } = await syncTags(store, repository, absent, learnt, unlisted)
    if (gone.length > 0) await recordGoneTags(store, place, gone, learnt, askedAt)
  }
  // Listed, and yet there is nothing: known before or not, it is a problem of the tag, unless it was deleted meanwhile.
  const askedAt = Date.now()
  const deleted = new Set(missing.length > 0 ? await noLongerListed(repository, missing, options) : [])
  const gone = [...deleted].filter((tag) => known.has(tag))
  if (gone.length > 0) await recordGoneTags(store, place, gone, learnt, askedAt)
  const lost = missing.filter((tag) => !deleted.has(tag))
  if (lost.length > 0) await markMissing(store, id, lost)
  const left = items.filter((tag) => !deleted.has(tag))
  await syncAttachments(store, repository, { id, listed: left, isComplete: end.complete, at: learnt.at }, options)
  const further = { last_seen: learnt.at, ...(!options.onlyNew && { looked_at: learnt.at }) }
  const list = tagListOf(left, end)
  await recordList(store, { place, before }, list, { at: learnt.at, generation: before?.generation ?? 0, further })
  return { tags: list.tags.length, problems: problems + lost.length, ...(!end.complete && { partial: end.reason }) }
}

/** Those of the tags that a list of now doesn't have. A partial one doesn't prove it of any. */
async function noLongerListed(
  repository: Repository,
  tags: readonly Tag[],
  { gate = unbounded, signal }: LookOptions,
): Promise<readonly Tag[]> {
  const { items, end } = await gate(() => collect(repository.tags({ signal }), MOST_TAGS))
  if (!end.complete) return []
  const listed = new Set(items)
  return tags.filter((tag) => !listed.has(tag))
}

/** A page may have listed the tags since: then its list stays. */
async function recordList(
  store: Store,
  { place, before }: { readonly place: Place; readonly before: RepositoryState | undefined },
  list: TagList,
  listed: Required<ListedOptions>,
): Promise<void> {
  const isUnchanged = before?.list_hash === tagListHash(list)
  const state = isUnchanged ? before : await readTogether(store, place, repositoryStates)
  if (!state) return
  const { id, list_hash: hash, list_seen: seen } = state
  if (seen === null || seen <= listed.at) await recordTagList(store, { id, hash }, list, listed)
  else await store.write.updateTable('repository').set(listed.further).where('id', '=', id).execute()
}

/** The names of the tags of each of the repositories, in their order. */
async function knownTags({ read, dialect }: Store, repositories: readonly number[]) {
  const rows = await read
    .selectFrom('tag')
    .select(['repository_id', 'name'])
    .where((eb) => dialect.isOneOf(eb.ref('repository_id'), repositories))
    .execute()
  const names = Map.groupBy(rows, (row) => row.repository_id)
  return repositories.map((repository) => new Set((names.get(repository) ?? []).map(({ name }) => name)))
}

async function markMissing({ write, dialect }: Store, repository: number, tags: readonly Tag[]): Promise<void> {
  await sql`
    update tag set problem = 'not-found'
    where repository_id = ${repository} and ${dialect.isOneOfTexts(sql.ref('name'), tags)}`.execute(write)
}

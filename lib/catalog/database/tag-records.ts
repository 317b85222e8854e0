import { sql } from 'kysely'
import type { Digest } from '../../oci/digest.ts'
import type { Place } from '../../oci/place.ts'
import type { Tag } from '../../oci/reference.ts'
import type { Store } from '../../store/store.ts'
import type { Seen, TagRecord } from '../catalog.ts'
import { repositoryState } from './repository-state.ts'
import type { SteadyClock } from './steady-clock.ts'
import { originalError } from './stored-error.ts'
import { originalSummary } from './stored-summary.ts'
import { originalText } from './stored-text.ts'
import { tagsOnManifests } from './tags-on-manifests.ts'

/** The records of tags. @throws StoreError */
export async function readTagRecords(
  store: Store,
  clock: SteadyClock,
  place: Place,
  tags: readonly Tag[],
): Promise<ReadonlyMap<Tag, Seen<TagRecord>>> {
  const state = tags.length > 0 ? await repositoryState(store.read, place) : undefined
  if (!state) return new Map()
  const { rows } = await sql<{
    name: Tag
    checked_at: number | null
    generation: number
    error: string | null
    summary: string | null
  }>`
    select t.name, t.checked_at, t.generation, t.error, m.summary
    from tag t left join manifest m on m.id = t.manifest_id
    where t.repository_id = ${state.id} and ${store.dialect.isOneOfTexts(sql.ref('t.name'), tags)} and t.known = 1`.execute(
    store.read,
  )
  const found = new Map<string, Seen<TagRecord>>()
  for (const { name, checked_at: at, generation, error, summary } of rows) {
    const record = recordOf(name, error, summary)
    if (record) found.set(name, clock.seen(record, at ?? 0, generation !== state.generation))
  }
  return new Map(
    tags.flatMap((tag) => {
      const record = found.get(tag)
      return record ? [[tag, record]] : []
    }),
  )
}

function recordOf(tag: Tag, error: string | null, summary: string | null): TagRecord | undefined {
  if (error !== null) return { ok: false, error: originalError(originalText(error)) }
  return summary === null ? undefined : { ok: true, summary: originalSummary(tag, originalText(summary)) }
}

/** Listed tags without a record, by name. @throws StoreError */
export async function readUnknownTags(
  { read }: Store,
  place: Place,
  after: Tag | undefined,
  limit: number,
): Promise<readonly Tag[]> {
  const state = await repositoryState(read, place)
  if (!state) return []
  const unknown = read
    .selectFrom('tag')
    .select('name')
    .where('repository_id', '=', state.id)
    .where('listed', '=', 1)
    .where('known', '=', 0)
    .orderBy('name')
    .limit(limit)
  const rows = await (after === undefined ? unknown : unknown.where('name', '>', after)).execute()
  return rows.map(({ name }) => name)
}

/** Tags on digests, highest version first. @throws StoreError */
export async function readTagsOn(
  store: Store,
  clock: SteadyClock,
  place: Place,
  digests: readonly Digest[],
): Promise<ReadonlyMap<Digest, readonly Seen<Tag>[]>> {
  const state = digests.length > 0 ? await repositoryState(store.read, place) : undefined
  if (!state) return new Map()
  const manifests = await store.read
    .selectFrom('manifest')
    .select(['id', store.dialect.digestText(sql.ref('digest')).as('digest')])
    .where(store.dialect.isOneOfDigests(sql.ref('digest'), digests))
    .execute()
  const ids = new Map(manifests.map(({ id, digest }) => [digest, id]))
  const tags = await tagsOnManifests(store, state.id, [...ids.values()])
  return new Map(
    digests.flatMap((digest) => {
      const on = tags.get(ids.get(digest) ?? -1) ?? []
      if (on.length === 0) return []
      return [
        [
          digest,
          on.map(({ tag, checkedAt, generation }) => clock.seen(tag, checkedAt, generation !== state.generation)),
        ] as const,
      ]
    }),
  )
}

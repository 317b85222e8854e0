import { sql } from 'kysely'
import type { Digest } from '../../oci/digest.ts'
import type { Place } from '../../oci/place.ts'
import type { Store } from '../../store/store.ts'
import { LONGEST_CHANGE } from './own-changes.ts'

/** A manifest that no tag of a repository is on any more, as far as is known. Whether it is still there is not. */
export interface UntaggedManifest {
  readonly digest: Digest
  /** When its last tag moved or went, as far as is known; milliseconds since the epoch. */
  readonly since: number
}

/** Those that a tag has been on, and what they list; the longest without a tag first. @throws StoreError */
export async function untaggedManifests(
  { read, dialect }: Store,
  place: Place,
  { offset, limit }: { readonly offset: number; readonly limit: number },
): Promise<UntaggedManifest[]> {
  const { rows } = await sql<UntaggedManifest>`
    ${untagged(place)}
    select ${dialect.digestText(sql.ref<Uint8Array>('digest'))} as digest, since from untagged
    order by since, digest limit ${limit} offset ${offset}`.execute(read)
  return rows.map(({ digest, since }) => ({ digest, since: Number(since) }))
}

/** Those that may still be there: Lading hasn't deleted them itself since they lost their last tag. @throws StoreError */
export async function countUntagged({ read, dialect }: Store, place: Place): Promise<number> {
  const deleted = await deletedImages({ read, dialect }, place)
  const { rows } = await sql<{ count: number }>`
    ${untagged(place)},
    -- Grouped, not joined: SQLite would go through all that were deleted for each that is untagged.
    known (digest, since, began) as (
      select digest, since, cast(null as bigint) from untagged
      union all
      select digest, cast(null as bigint), began from ${dialect.rows('deleted', DELETED, deleted)}
    ),
    there (digest) as (
      select digest from known group by digest
      having max(since) is not null and (max(began) is null or max(began) < max(since) - ${LONGEST_CHANGE})
    )
    select count(*) as count from there`.execute(read)
  return Number(rows[0]?.count ?? 0)
}

const DELETED = { digest: 'digest', began: 'bigint' } as const

/** Images that were deleted as a whole and not restored, each with when its last deletion began. */
async function deletedImages({ read, dialect }: Pick<Store, 'read' | 'dialect'>, { registry, repository }: Place) {
  const record = sql.ref<string>('record')
  const entries = await read
    .selectFrom('change_entry')
    .select((eb) => [dialect.jsonField(record, 'digest').as('digest'), eb.fn.max('began').as('began')])
    .where('registry', '=', registry)
    .where('repository', '=', repository)
    .where('restored_at', 'is', null)
    .where('outcome', 'in', ['deleted', 'finished'])
    // Of a deletion of one tag the image may stay.
    .where(dialect.jsonField(record, 'tags'), 'is not', null)
    .groupBy(dialect.jsonField(record, 'digest'))
    .execute()
  return entries.flatMap(({ digest, began }) => (digest === null ? [] : [[digest, Date.parse(began)] as const]))
}

function untagged({ registry, repository }: Place) {
  return sql`
    with own as (
      select r.id from repository r join registry g on g.id = r.registry_id
      where g.name = ${registry} and r.name = ${repository}
    ),
    was (id, at) as (
      select from_manifest_id, at from tag_event
      where repository_id = (select id from own) and from_manifest_id is not null
      union all
      select to_manifest_id, at from tag_event
      where repository_id = (select id from own) and to_manifest_id is not null
    ),
    tagged (id) as (select manifest_id from tag where repository_id = (select id from own) and manifest_id is not null),
    lost (id, at) as (select id, max(at) from was where id not in (select id from tagged) group by id),
    part (id, at) as (
      select id, at from lost
      union all
      select i.child_id, lost.at from lost join image i on i.manifest_id = lost.id where i.child_id <> lost.id
      union all
      select n.child_id, lost.at from lost join nested_index n on n.manifest_id = lost.id
    ),
    untagged (digest, since) as (
      select m.digest, max(part.at) from part join manifest m on m.id = part.id
      where part.id not in (select id from tagged) group by m.digest
    )`
}

/** Tags whose manifests refer to others by their subject, by those. @throws StoreError */
export async function taggedReferrers({ read }: Store, { registry, repository }: Place): Promise<Map<string, string>> {
  const rows = await read
    .selectFrom('tag as t')
    .innerJoin('manifest as m', 'm.id', 't.manifest_id')
    .innerJoin('repository as r', 'r.id', 't.repository_id')
    .innerJoin('registry as g', 'g.id', 'r.registry_id')
    .select(['m.subject', 't.name'])
    .where('g.name', '=', registry)
    .where('r.name', '=', repository)
    .where('m.subject', 'is not', null)
    .execute()
  return new Map(rows.flatMap(({ subject, name }) => (subject === null ? [] : [[subject, name] as const])))
}

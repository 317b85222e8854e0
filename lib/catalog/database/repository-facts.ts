import { sql } from 'kysely'
import type { Place } from '../../oci/place.ts'
import type { Store } from '../../store/store.ts'
import { IS_UNREAD } from './is-unread.ts'
import { repositoryState } from './repository-state.ts'
import { originalText, textHash } from './stored-text.ts'
import { LEAD_TAG_FIRST } from './tag-order-by.ts'

/** The facts in the head of a repository's page, as far as its tags have been read. */
export interface RepositoryFacts {
  /** Distinct manifests that its tags are on, and distinct bytes of their configs and layers. */
  readonly images: number
  readonly bytes: number
  /** Some image of its tags could not be read, or its config couldn't. */
  readonly isPartlyUnread: boolean
  /** The tag that stands for it: `LEAD_TAG_FIRST`. */
  readonly lead?: {
    readonly tag: string
    readonly digest: string
    /** `image`, `index`, `helm`, `artifact` or `schema1`. */
    readonly type: string
    /** Values of the keys that were asked for, in its first image. */
    readonly labels: ReadonlyMap<string, string>
    /** It may have more labels than these. */
    readonly isUnread: boolean
  }
}

/** Undefined if nothing is known about it. Callers authorize. @throws StoreError */
export async function repositoryFacts(
  store: Store,
  place: Place,
  keys: readonly string[],
): Promise<RepositoryFacts | undefined> {
  const state = await repositoryState(store.read, place)
  if (!state) return undefined
  const [sums, lead] = await Promise.all([
    sql<{ images: number; bytes: number | null; unread: number }>`
      with shown as materialized (
        select distinct manifest_id from tag where repository_id = ${state.id} and manifest_id is not null
      )
      select (select count(*) from shown) as images, (
        select sum(size) from blob where id in (
          select mb.blob_id from shown
          join image i on i.manifest_id = shown.manifest_id
          join manifest_blob mb on mb.manifest_id = i.child_id and mb.is_foreign = 0
        )
      ) as bytes, (
        select count(*) from shown join manifest m on m.id = shown.manifest_id
        join image i on i.manifest_id = m.id where ${IS_UNREAD}
      ) + (
        select count(*) from tag where repository_id = ${state.id} and listed = 1 and known = 0
      ) as unread`.execute(store.read),
    readLead(store, state.id, keys),
  ])
  const { images = 0, bytes = 0, unread = 0 } = sums.rows[0] ?? {}
  return { images, bytes: bytes ?? 0, isPartlyUnread: Number(unread) > 0, ...(lead && { lead }) }
}

async function readLead(
  { read, dialect }: Store,
  repository: number,
  keys: readonly string[],
): Promise<RepositoryFacts['lead']> {
  const hashes = new Map(keys.map((key) => [textHash(key), key]))
  const { rows } = await sql<{
    name: string
    digest: string
    type: string
    hash: string | null
    value: string | null
    unread: number
  }>`
    with lead as materialized (
      select t.name, t.manifest_id from tag t where t.repository_id = ${repository} and t.manifest_id is not null
      order by ${LEAD_TAG_FIRST} limit 1
    )
    select lead.name, ${dialect.digestText(sql.ref('m.digest'))} as digest, m.type, k.hash, v.value,
      case when ${IS_UNREAD} then 1 else 0 end as unread
    from lead join manifest m on m.id = lead.manifest_id
    left join image i on i.manifest_id = m.id
      and i.position = (select min(position) from image first where first.manifest_id = m.id)
    left join label l on l.image_id = i.id and l.key_id in (
      select id from label_key where ${dialect.isOneOfTexts(sql.ref('hash'), [...hashes.keys()])}
    )
    left join label_key k on k.id = l.key_id
    left join label_value v on v.id = l.value_id
    order by l.origin desc`.execute(read)
  const [first] = rows
  if (!first) return undefined
  const labels = new Map(
    rows.flatMap(({ hash, value }) => {
      const key = hash === null ? undefined : hashes.get(hash)
      return key === undefined || value === null ? [] : [[key, originalText(value)] as const]
    }),
  )
  return { tag: first.name, digest: first.digest, type: first.type, labels, isUnread: first.unread === 1 }
}

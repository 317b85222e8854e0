import { sql } from 'kysely'
import type { Store } from '../../store/store.ts'
import { IS_UNREAD } from './is-unread.ts'
import { originalText, textHash } from './stored-text.ts'
import { LEAD_TAG_FIRST } from './tag-order-by.ts'

/** The tag that stands for a repository: `LEAD_TAG_FIRST`. */
export interface LeadTag {
  readonly tag: string
  readonly digest: string
  /** `image`, `index`, `helm`, `artifact` or `schema1`. */
  readonly type: string
  /** Values of the keys that were asked for, in its first image. */
  readonly labels: ReadonlyMap<string, string>
  /** It may have more labels than these. */
  readonly isUnread: boolean
}

/** By the id of the repository, where a tag of it has been read. Callers authorize. @throws StoreError */
export async function leadTags(
  { read, dialect }: Store,
  repositories: readonly number[],
  keys: readonly string[],
): Promise<ReadonlyMap<number, LeadTag>> {
  if (repositories.length === 0) return new Map()
  const keyOf = new Map(keys.map((key) => [textHash(key), key]))
  const { rows } = await sql<Row>`
    with lead as materialized (
      select (
        select t.id from tag t where t.repository_id = r.id and t.manifest_id is not null
        order by ${LEAD_TAG_FIRST} limit 1
      ) as id
      from repository r where ${dialect.isOneOf(sql.ref('r.id'), repositories)}
    )
    select t.repository_id, t.name, ${dialect.digestText(sql.ref('m.digest'))} as digest, m.type, k.hash, v.value,
      case when ${IS_UNREAD} then 1 else 0 end as unread
    from lead join tag t on t.id = lead.id join manifest m on m.id = t.manifest_id
    left join image i on i.manifest_id = m.id
      and i.position = (select min(position) from image first where first.manifest_id = m.id)
    left join label l on l.image_id = i.id and l.key_id in (
      select id from label_key where ${dialect.isOneOfTexts(sql.ref('hash'), [...keyOf.keys()])}
    )
    left join label_key k on k.id = l.key_id
    left join label_value v on v.id = l.value_id
    order by l.origin desc`.execute(read)
  const leads = new Map<number, LeadTag & { readonly labels: Map<string, string> }>()
  for (const { repository_id: id, name: tag, digest, type, hash, value, unread } of rows) {
    const lead = leads.get(id) ?? { tag, digest, type, labels: new Map(), isUnread: unread === 1 }
    leads.set(id, lead)
    const key = hash === null ? undefined : keyOf.get(hash)
    // The origin that counts most comes last.
    if (key !== undefined && value !== null) lead.labels.set(key, originalText(value))
  }
  return leads
}

interface Row {
  readonly repository_id: number
  readonly name: string
  readonly digest: string
  readonly type: string
  readonly hash: string | null
  readonly value: string | null
  readonly unread: number
}

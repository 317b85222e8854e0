import { type RawBuilder, type SqlBool, sql } from 'kysely'
import { readPacked } from '../../store/read-packed.ts'
import type { Store } from '../../store/store.ts'
import { addedPlace, addedTo } from './added-labels.ts'
import { cutValue, LONGEST_SHOWN } from './cut-value.ts'
import { IS_UNREAD } from './is-unread.ts'
import type { VisibleRepositories } from './repository-index.ts'
import { originalText, textHash } from './stored-text.ts'
import { distinctLabels, tagFacts } from './tag-facts.ts'
import type { FoundTag } from './tag-search.ts'

interface Details {
  /** On `t`, `i` and `m`. */
  readonly condition: RawBuilder<SqlBool>
  /** Labels to report. */
  readonly keys: readonly string[]
  readonly visible: VisibleRepositories
}

interface Row {
  readonly id: number
  readonly repository_id: number
  readonly name: string
  readonly checked_at: number | null
  readonly moved_at: number
  readonly created: number
  readonly size: number
  readonly digest: string
  readonly type: string
  readonly image_id: number
  readonly child: string
  readonly platform: string | null
  readonly matches: number | boolean | null
  readonly unread: number
}

/** What a page shows of tags, in their order. */
export async function readFoundTags(store: Store, ids: readonly number[], details: Details): Promise<FoundTag[]> {
  if (ids.length === 0) return []
  const { rows } = await sql<Row>`
    select t.id, t.repository_id, t.name, t.checked_at, t.moved_at, t.created, t.size, ${store.dialect.digestText(sql.ref('m.digest'))} as digest, m.type,
      i.id as image_id, ${store.dialect.digestText(sql.ref('c.digest'))} as child, p.name as platform, case when ${details.condition} then 1 else 0 end as matches,
      case when ${IS_UNREAD} then 1 else 0 end as unread
    from tag t
    join manifest m on m.id = t.manifest_id
    join image i on i.manifest_id = m.id
    join manifest c on c.id = i.child_id
    left join platform p on p.id = i.platform_id
    where ${store.dialect.isOneOf(sql.ref('t.id'), ids)}
    order by t.id, i.position`.execute(store.read)
  const byTag = Map.groupBy(rows, ({ id }) => id)
  const matching = rows.filter(({ matches }) => matches).map(({ image_id: id }) => id)
  const [labels, added] = await Promise.all([
    labelsOf(store, matching, details.keys, LONGEST_SHOWN),
    addedTo(
      store,
      rows.flatMap(({ digest, child }) => [digest, child]),
      details.keys,
    ),
  ])
  const labelsIn = ({ repository_id: repository, image_id: image, digest, child }: Row) => [
    ...(labels.get(image) ?? []),
    ...[...new Set([digest, child])].flatMap((each) => added.get(addedPlace(repository, each)) ?? []),
  ]
  return ids.flatMap((id) => {
    const images = byTag.get(id)
    const repository = details.visible.byId.get(images?.[0]?.repository_id ?? -1)
    return images && repository ? [foundTag(images, repository, labelsIn)] : []
  })
}

function foundTag(
  rows: readonly Row[],
  { registry, name: repository }: { registry: string; name: FoundTag['repository'] },
  labelsIn: (row: Row) => readonly { key: string; value: string }[],
): FoundTag {
  const [first] = rows as [Row]
  const shown = rows.flatMap((row) => (row.matches ? labelsIn(row) : [])).map(({ key, value }) => ({ key, value }))
  return {
    id: first.id,
    registry,
    repository,
    repositoryId: first.repository_id,
    ...tagFacts(first),
    ...(first.checked_at !== null && { checkedAt: first.checked_at }),
    images: rows.map((row) => ({
      digest: row.child,
      ...(row.platform !== null && { platform: originalText(row.platform) }),
      matches: Boolean(row.matches),
      ...(row.unread === 1 && { isUnread: true }),
    })),
    labels: distinctLabels(shown),
  }
}

/** Labels with some keys, by image. @param longest characters of a value, for `cutValue`; absent for whole values */
export async function labelsOf(store: Store, images: readonly number[], keys: readonly string[], longest?: number) {
  const labels = new Map<number, { key: string; value: string }[]>()
  if (images.length === 0 || keys.length === 0) return labels
  const { dialect } = store
  const rows = await readPacked<[image: number, key: string, value: string]>(
    store,
    [sql.ref('l.image_id'), sql.ref('k.key'), cutValue(longest)],
    sql`from label_key k join label l on l.key_id = k.id join label_value v on v.id = l.value_id
      where ${dialect.isOneOfTexts(sql.ref('k.hash'), keys.map(textHash))}
        and ${dialect.isOneOf(sql.ref('l.image_id'), images)}`,
  )
  for (const [image, key, value] of rows) {
    const label = { key: originalText(key), value: originalText(value) }
    const of = labels.get(image)
    if (of) of.push(label)
    else labels.set(image, [label])
  }
  return labels
}

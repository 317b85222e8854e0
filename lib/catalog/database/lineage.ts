import { type RawBuilder, type SqlBool, sql } from 'kysely'
import { type Digest, isDigest } from '../../oci/digest.ts'
import type { Place } from '../../oci/place.ts'
import type { Store } from '../../store/store.ts'
import { storedDigest } from '../../store/stored-digest.ts'
import type { CatalogDatabase } from './catalog-database.ts'
import type { VisibleRepositories } from './repository-index.ts'
import { originalText, textHash } from './stored-text.ts'
import type { Visibility } from './visibility.ts'

/** A tag that is on an image, or was until it moved. */
export interface RelatedTag extends Place {
  readonly tag: string
  /** The tag's target: an index or an image. For a moved tag, its previous target. */
  readonly digest: string
  /** Layers that the two have in common. Absent: only the annotation says so. */
  readonly layers?: number
  /** The annotation `org.opencontainers.image.base.digest` names it. */
  readonly isNamed: boolean
  /** Where the tag has moved since, and when, if that is known. */
  readonly moved?: { readonly to: string; readonly at?: number }
}

export interface Lineage {
  /** The closest first. */
  readonly basedOn: readonly RelatedTag[]
  readonly usedBy: readonly RelatedTag[]
  /** There are more than these. */
  readonly usedByMore: boolean
  /** What the image names as its base. */
  readonly named: readonly NamedBase[]
}

export interface NamedBase {
  /** A reference, as the annotation has it. */
  readonly name?: string
  readonly digest?: Digest
}

const BASE_NAME = 'org.opencontainers.image.base.name'
const BASE_DIGEST = 'org.opencontainers.image.base.digest'
/** Images that begin with, or end in, one layer and are compared. */
const COMPARED = 5_000
const SHOWN = 50

interface Options {
  readonly visibility: Visibility
  /** Of one platform's image; and of the index that lists it, where one does. */
  readonly digest: string
  readonly index?: string
}

/**
 * An image's base and the images built on it, among visible ones: its layers begin with all layers of its base. Empty
 * for unread images. @throws StoreError
 */
export async function lineage(
  { store, repositories }: CatalogDatabase,
  { visibility, digest, index }: Options,
): Promise<Lineage> {
  const visible = await repositories.visible(visibility)
  const { read, dialect } = store
  const own = await read
    .selectFrom('manifest')
    .select('id')
    .where('digest', '=', storedDigest(digest))
    .executeTakeFirst()
  if (!own || visible.list.length === 0) return NONE
  const count = await read
    .selectFrom('manifest_blob')
    .select(({ fn }) => fn.max('position').as('layers'))
    .where('manifest_id', '=', own.id)
    .executeTakeFirst()
  const layers = Number(count?.layers ?? 0)
  const names = [digest, ...(index === undefined ? [] : [index])]
  const isVisible = isAmongVisible(store, visible)
  // What an index says of its images counts where the index is visible.
  const isSaidVisibly = sql<SqlBool>`(i.manifest_id = i.child_id or exists (
    select 1 from tag t where t.manifest_id = i.manifest_id and ${isVisible('t.repository_id')}
  ))`
  const named = await namedBases(store, own.id, isSaidVisibly)
  const [bases, users] = await Promise.all([
    relatedTags(
      { store, repositories },
      visible,
      // By each layer once: some images have the same one, often an empty one, in thousands of places.
      sql`
        select m.id, cast(null as int) as layers, 1 as named from manifest m
        where ${dialect.isOneOfDigests(
          sql.ref('m.digest'),
          named.flatMap((base) => base.digest ?? []),
        )}
        union all
        select c.manifest_id, c.position, 0 from (
          select mb.manifest_id, mb.position from (
            select distinct blob_id from manifest_blob where manifest_id = ${own.id} and position between 1 and ${layers - 1}
          ) own
          join manifest_blob mb on mb.blob_id = own.blob_id
          where mb.position between 1 and ${layers - 1} and not exists (
            select 1 from manifest_blob longer
            where longer.manifest_id = mb.manifest_id and longer.position = mb.position + 1
          )
          order by mb.position desc limit ${sql.lit(COMPARED)}
        ) c where ${sharedLayers('c.manifest_id', own.id, sql.ref('c.position'))} = c.position`,
    ),
    relatedTags(
      { store, repositories },
      visible,
      sql`
        select i.child_id as id, cast(null as int) as layers, 1 as named from label_value v
        join label l on l.key_id = v.key_id and l.value_id = v.id
        join image i on i.id = l.image_id
        where v.key_id = (select id from label_key where hash = ${textHash(BASE_DIGEST)})
          and ${dialect.isOneOfTexts(sql.ref('v.hash'), names.map(textHash))} and ${isSaidVisibly}
        union all
        select c.manifest_id, ${sql.lit(layers)}, 0 from (
          select mb.manifest_id from manifest_blob own
          join manifest_blob mb on mb.blob_id = own.blob_id and mb.position = own.position
          where own.manifest_id = ${own.id} and own.position = ${layers} and own.position > 0 and exists (
            select 1 from manifest_blob longer
            where longer.manifest_id = mb.manifest_id and longer.position = mb.position + 1
          )
          limit ${sql.lit(COMPARED)}
        ) c where ${sharedLayers('c.manifest_id', own.id, sql.lit(layers))} = ${sql.lit(layers)}`,
    ),
  ])
  const closest = (a: RelatedTag, b: RelatedTag) =>
    Number(b.isNamed) - Number(a.isNamed) || (b.layers ?? 0) - (a.layers ?? 0)
  const current = users.filter(({ moved }) => !moved)
  return {
    basedOn: bases.sort(closest).slice(0, SHOWN),
    usedBy: current.slice(0, SHOWN),
    usedByMore: current.length > SHOWN,
    named,
  }
}

/** What an image names as its base, by its own document and in each visible index that lists it. */
async function namedBases(
  { read, dialect }: Store,
  manifest: number,
  isSaidVisibly: RawBuilder<SqlBool>,
): Promise<NamedBase[]> {
  const { rows } = await sql<{ image: number; hash: string; value: string }>`
    select i.id as image, k.hash, v.value from image i
    join label l on l.image_id = i.id join label_key k on k.id = l.key_id join label_value v on v.id = l.value_id
    where i.child_id = ${manifest} and ${isSaidVisibly}
      and l.key_id in (select id from label_key where ${dialect.isOneOfTexts(sql.ref('hash'), [BASE_NAME, BASE_DIGEST].map(textHash))})
    order by i.id`.execute(read)
  const bases = [...Map.groupBy(rows, ({ image }) => image).values()].map((of): NamedBase => {
    const annotation = (key: string) => {
      const found = of.find(({ hash }) => hash === textHash(key))
      return found && originalText(found.value)
    }
    const [name, digest] = [annotation(BASE_NAME), annotation(BASE_DIGEST)]
    return { ...(name !== undefined && { name }), ...(digest !== undefined && isDigest(digest) && { digest }) }
  })
  return [...new Map(bases.map((base) => [JSON.stringify(base), base])).values()]
}

/**
 * A tag that was on `digest`, an index or one of its images, when an image was built on it, and is on another now.
 * Undefined while it is still there, or isn't known. @throws StoreError
 */
export async function movedBase(
  { store: { read, dialect }, repositories }: CatalogDatabase,
  { visibility, base, digest }: { visibility: Visibility; base: Place & { tag: string }; digest: Digest },
): Promise<RelatedTag | undefined> {
  const own = (await repositories.visible(visibility)).at(base)
  if (!own) return undefined
  const { rows } = await sql<{ to: string; is_same: number }>`
    select ${dialect.digestText(sql.ref('m.digest'))} as "to", case when m.digest = ${storedDigest(digest)} or exists (
      select 1 from image i join manifest c on c.id = i.child_id
      where i.manifest_id = m.id and c.digest = ${storedDigest(digest)}
    ) then 1 else 0 end as is_same
    from tag t join manifest m on m.id = t.manifest_id
    where t.repository_id = ${own.id} and t.name = ${base.tag}`.execute(read)
  const [now] = rows
  if (!now || now.is_same === 1) return undefined
  return { registry: own.registry, repository: own.name, tag: base.tag, digest, isNamed: true, moved: { to: now.to } }
}

const NONE: Lineage = { basedOn: [], usedBy: [], usedByMore: false, named: [] }

/** How many of the first layers of two images are the same. */
function sharedLayers(other: string, own: number, upTo: RawBuilder<unknown>): RawBuilder<number> {
  return sql<number>`(
    select count(*) from manifest_blob a join manifest_blob b on b.position = a.position and b.blob_id = a.blob_id
    where a.manifest_id = ${own} and b.manifest_id = ${sql.ref(other)} and a.position between 1 and ${upTo}
  )`
}

/** Of the column with a repository's id. */
function isAmongVisible({ dialect }: Store, { isEverything, list }: VisibleRepositories) {
  const ids = list.map(({ id }) => id)
  return (column: string) => (isEverything ? sql<SqlBool>`1 = 1` : dialect.isOneOf(sql.ref(column), ids))
}

/** The visible tags on some manifests, directly or through an index, and those that have moved away from them. */
async function relatedTags(
  { store }: CatalogDatabase,
  visible: VisibleRepositories,
  manifests: RawBuilder<unknown>,
): Promise<RelatedTag[]> {
  const { read, dialect } = store
  const isVisible = isAmongVisible(store, visible)
  const { rows } = await sql<Row>`
    with related as materialized (select id, max(layers) as layers, max(named) as named from (${manifests}) r group by id),
    tops as materialized (
      select top_id, max(layers) as layers, max(named) as named from (
        select i.manifest_id as top_id, related.layers, related.named from related join image i on i.child_id = related.id
        union all select related.id, related.layers, related.named from related
      ) t group by top_id
    )
    select * from (
      select t.repository_id, t.name, ${dialect.digestText(sql.ref('m.digest'))} as digest, tops.layers, tops.named, cast(null as text) as moved_to, cast(null as bigint) as moved_at
      from tops join tag t on t.manifest_id = tops.top_id join manifest m on m.id = tops.top_id
      where ${isVisible('t.repository_id')}
      order by tops.named desc, tops.layers desc, t.repository_id, t.version_key desc limit ${sql.lit(4 * SHOWN)}
    ) current
    union all
    select * from (
      select t.repository_id, t.name, ${dialect.digestText(sql.ref('m.digest'))} as digest, tops.layers, tops.named, ${dialect.digestText(sql.ref('n.digest'))} as moved_to, max(e.at) as moved_at
      from tops join tag_event e on e.from_manifest_id = tops.top_id and e.kind = 'moved'
      join tag t on t.repository_id = e.repository_id and t.name = e.tag and t.manifest_id <> tops.top_id
      join manifest m on m.id = tops.top_id
      join manifest n on n.id = t.manifest_id
      where ${isVisible('t.repository_id')}
      group by t.repository_id, t.name, m.digest, tops.layers, tops.named, n.digest
      order by max(e.at) desc limit ${sql.lit(SHOWN)}
    ) past`.execute(read)
  return rows.flatMap((row) => {
    const repository = visible.byId.get(row.repository_id)
    if (!repository) return []
    return [
      {
        registry: repository.registry,
        repository: repository.name,
        tag: row.name,
        digest: row.digest,
        ...(row.layers !== null && { layers: row.layers }),
        isNamed: row.named === 1,
        ...(row.moved_to !== null && row.moved_at !== null && { moved: { to: row.moved_to, at: row.moved_at } }),
      },
    ]
  })
}

interface Row {
  readonly repository_id: number
  readonly name: string
  readonly digest: string
  readonly layers: number | null
  readonly named: number
  readonly moved_to: string | null
  readonly moved_at: number | null
}

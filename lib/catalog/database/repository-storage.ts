import { sql } from 'kysely'
import type { Digest } from '../../oci/digest.ts'
import type { Place } from '../../oci/place.ts'
import type { RepositoryName, Tag } from '../../oci/reference.ts'
import type { CatalogDatabase } from './catalog-database.ts'
import { isInSameRegistry } from './is-in-same-registry.ts'
import type { KnownRepository, VisibleRepositories } from './repository-index.ts'
import type { Visibility } from './visibility.ts'

/** The storage of one repository's images, by distinct digest. */
export interface RepositoryStorage {
  readonly total: number
  /**
   * Of these, the bytes that no other visible repository of the registry needs: what deleting the repository would
   * free.
   */
  readonly frees: number
  readonly blobs: number
  readonly imageCount: number
  /** Those that would free most first. */
  readonly images: readonly ImageStorage[]
  /** The largest first. */
  readonly layers: readonly RepositoryLayer[]
}

export interface ImageStorage {
  readonly digest: Digest
  /** Highest version first. */
  readonly tags: readonly Tag[]
  readonly total: number
  /** Bytes that only this image needs. */
  readonly frees: number
  /** Bytes that other repositories need too. */
  readonly elsewhere: number
}

export interface RepositoryLayer {
  readonly digest: string
  readonly size: number
  /** Of this repository. */
  readonly images: number
  /** Others that need it, the first of them by name, and how many. */
  readonly others: readonly RepositoryName[]
  readonly otherCount: number
}

const LAYERS = 10
const NAMED = 4

interface Options {
  readonly visibility: Visibility
  readonly place: Place
  readonly offset: number
  readonly limit: number
}

/** Undefined where nothing is known of the repository, or it may not be seen. @throws StoreError */
export async function repositoryStorage(
  { store, repositories }: CatalogDatabase,
  { visibility, place, offset, limit }: Options,
): Promise<RepositoryStorage | undefined> {
  const visible = await repositories.visible(visibility)
  const own = visible.at(place)
  if (!own) return undefined
  const { rows } = await sql<Row>`
    ${usesOf(store, own, visible)},
    sums as materialized (
      select needed.manifest_id, sum(used.size) as total,
        sum(case when used.images = 1 and used.elsewhere = 0 then used.size else 0 end) as frees,
        sum(case when used.elsewhere = 1 then used.size else 0 end) as elsewhere
      from needed join used on used.blob_id = needed.blob_id group by needed.manifest_id
    )
    select 'all' as kind, 0 as id, sum(size) as total, sum(case when elsewhere = 0 then size else 0 end) as frees,
      count(*) as elsewhere from used
    union all
    select 'images', count(*), 0, 0, 0 from sums
    union all
    select * from (
      select 'image' as kind, manifest_id, total, frees, elsewhere from sums
      order by frees desc, total desc, manifest_id limit ${limit} offset ${offset}
    ) images
    union all
    select * from (
      select 'layer' as kind, blob_id, size, images, elsewhere from used
      order by size desc, blob_id limit ${sql.lit(LAYERS)}
    ) layers`.execute(store.read)
  const of = (kind: Row['kind']) => rows.filter((row) => row.kind === kind)
  const images = of('image')
  const tags = await tagsOf({ store, repositories }, own, images)
  const [all] = of('all')
  return {
    total: all?.total ?? 0,
    frees: all?.frees ?? 0,
    blobs: all?.elsewhere ?? 0,
    imageCount: of('images')[0]?.id ?? 0,
    images: images.flatMap(({ id, total, frees, elsewhere }) => {
      const on = tags.get(id)
      if (!on?.[0]) return []
      return [
        {
          // Digests and names are parsed before they are recorded.
          digest: on[0].digest,
          tags: on.map(({ name }) => name),
          total: total ?? 0,
          frees: frees ?? 0,
          elsewhere: elsewhere ?? 0,
        },
      ]
    }),
    layers: await layersOf({ store, repositories }, of('layer'), own, visible),
  }
}

interface Row {
  readonly kind: 'all' | 'images' | 'image' | 'layer'
  readonly id: number
  readonly total: number | null
  readonly frees: number | null
  readonly elsewhere: number | null
}

/** `needed`: the blobs of each image; `used`: each blob with its images here, and whether anything elsewhere needs it. */
function usesOf(store: CatalogDatabase['store'], own: KnownRepository, visible: VisibleRepositories) {
  return sql`
    with shown as materialized (
      select distinct manifest_id from tag where repository_id = ${own.id} and manifest_id is not null
    ),
    needed as materialized (
      select distinct shown.manifest_id, mb.blob_id from shown
      join image i on i.manifest_id = shown.manifest_id
      join manifest_blob mb on mb.manifest_id = i.child_id and mb.is_foreign = 0
    ),
    counted as materialized (select blob_id, count(*) as images from needed group by blob_id),
    used as materialized (
      select counted.blob_id, counted.images, b.size, case when exists (
        select 1 from manifest_blob mb
        join image i on i.child_id = mb.manifest_id
        join tag t on t.manifest_id = i.manifest_id
        where mb.blob_id = counted.blob_id and t.repository_id <> ${own.id} and ${isInSameRegistry(store, own, visible)}
      ) then 1 else 0 end as elsewhere
      from counted join blob b on b.id = counted.blob_id
    )`
}

async function tagsOf({ store: { read, dialect } }: CatalogDatabase, own: KnownRepository, images: readonly Row[]) {
  const { rows } = await sql<{ manifest_id: number; digest: Digest; name: Tag }>`
    select t.manifest_id, ${dialect.digestText(sql.ref('m.digest'))} as digest, t.name from tag t join manifest m on m.id = t.manifest_id
    where t.repository_id = ${own.id} and ${dialect.isOneOf(
      sql.ref('t.manifest_id'),
      images.map(({ id }) => id),
    )}
    order by t.version_key desc, t.name`.execute(read)
  return Map.groupBy(rows, ({ manifest_id: id }) => id)
}

async function layersOf(
  { store }: CatalogDatabase,
  layers: readonly Row[],
  own: KnownRepository,
  visible: VisibleRepositories,
): Promise<RepositoryLayer[]> {
  const { read, dialect } = store
  const ids = layers.map(({ id }) => id)
  const { rows } = await sql<{ id: number; digest: string; repository_id: number | null }>`
    select b.id, ${dialect.digestText(sql.ref('b.digest'))} as digest, u.repository_id from blob b
    left join (
      select distinct mb.blob_id, t.repository_id from manifest_blob mb
      join image i on i.child_id = mb.manifest_id
      join tag t on t.manifest_id = i.manifest_id
      where ${dialect.isOneOf(sql.ref('mb.blob_id'), ids)} and t.repository_id <> ${own.id}
        and ${isInSameRegistry(store, own, visible)}
    ) u on u.blob_id = b.id
    where ${dialect.isOneOf(sql.ref('b.id'), ids)}`.execute(read)
  return layers.map(({ id, total, frees }) => {
    const uses = rows.filter((row) => row.id === id)
    const others = uses
      .flatMap(({ repository_id: user }) => (user === null ? [] : (visible.byId.get(user)?.name ?? [])))
      .sort()
    return {
      digest: uses[0]?.digest ?? '',
      size: total ?? 0,
      images: frees ?? 0,
      others: others.slice(0, NAMED),
      otherCount: others.length,
    }
  })
}

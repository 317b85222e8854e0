import { sql } from 'kysely'
import type { RepositoryName } from '../../oci/reference.ts'
import type { CatalogDatabase } from './catalog-database.ts'
import type { KnownRepository } from './repository-index.ts'
import type { Visibility } from './visibility.ts'

/** A registry's storage by distinct digest: every config and layer counts once, however many images use it. */
export interface RegistryStorage {
  /** By `''` for all of it, `team/` for a namespace and `team/api` for a repository; only what has been read. */
  readonly places: ReadonlyMap<string, PlaceStorage>
  /** The sum of the repositories, each counted separately. */
  readonly withoutSharing: number
  /** Bytes by the UTC day on which the oldest image that has them was created, the oldest first. */
  readonly days: readonly { readonly day: number; readonly bytes: number }[]
  /** The largest first. */
  readonly layers: readonly StoredLayer[]
}

export interface PlaceStorage {
  /** Distinct bytes that its images need. */
  readonly total: number
  /** Of these, the bytes that nothing else visible needs: what deleting all of it would free. */
  readonly frees: number
  /** Of the freed bytes, those shared by several repositories in it. */
  readonly shared: number
  /** Distinct configs and layers. */
  readonly blobs: number
}

export interface StoredLayer {
  readonly digest: string
  readonly size: number
  /** Images that need it, counted in each repository. */
  readonly images: number
  readonly repositories: number
  /** The first of them by name. */
  readonly names: readonly RepositoryName[]
}

const LAYERS = 20
const NAMED = 4

interface Options {
  readonly visibility: Visibility
  readonly registry: string
}

/**
 * Repositories that aren't visible count for nothing, so that `frees` may be more than the registry would free.
 *
 * A blob belongs to the innermost place that holds all repositories that need it. That place follows from the first
 * and the last of them by name, which is all that the database is asked for.
 * @throws StoreError
 */
export async function registryStorage(
  { store, repositories }: CatalogDatabase,
  { visibility, registry }: Options,
): Promise<RegistryStorage> {
  const visible = await repositories.visible(visibility)
  const wanted = visible.of(registry).list.toSorted((a, b) => (a.name < b.name ? -1 : 1))
  if (wanted.length === 0) return { places: new Map(), withoutSharing: 0, days: [], layers: [] }
  const { names, members } = placesOf(wanted)
  const { dialect } = store
  const { rows } = await sql<Row>`
    with place as materialized (
      select repository_id, position from ${dialect.rows(
        'place',
        { repository_id: 'int', position: 'int' },
        wanted.map(({ id }, index) => [id, index]),
      )}
    ),
    member as materialized (
      select repository_id, node from ${dialect.rows('member', { repository_id: 'int', node: 'int' }, members)}
    ),
    shown as materialized (
      select distinct t.repository_id, t.manifest_id from tag t
      where t.manifest_id is not null and t.repository_id in (select repository_id from place)
    ),
    needed as materialized (
      select shown.repository_id, mb.blob_id, count(*) as images, min(i.created) as created
      from shown
      join image i on i.manifest_id = shown.manifest_id
      join manifest_blob mb on mb.manifest_id = i.child_id and mb.is_foreign = 0
      group by shown.repository_id, mb.blob_id
    ),
    used as materialized (
      select needed.blob_id, b.size, min(place.position) as first, max(place.position) as last,
        count(*) as repositories, sum(needed.images) as images, min(needed.created) as created
      from needed
      join place on place.repository_id = needed.repository_id
      join blob b on b.id = needed.blob_id
      group by needed.blob_id, b.size
    ),
    top as materialized (select * from used order by size desc, blob_id limit ${sql.lit(LAYERS)})
    select 'between' as kind, first as a, last as b, sum(size) as bytes, count(*) as blobs from used group by first, last
    union all
    select 'node', node, null, sum(size), count(*) from (
      select distinct member.node, needed.blob_id from needed join member on member.repository_id = needed.repository_id
    ) held join blob on blob.id = held.blob_id group by node
    union all
    select 'day', created / 86400000, null, sum(size), count(*) from used where created >= 0 group by created / 86400000
    union all
    select 'layer', blob_id, repositories, size, images from top
    union all
    select 'user', blob_id, position, 0, 0 from (
      select top.blob_id, place.position, row_number() over (partition by top.blob_id order by place.position) as rank
      from top
      join needed on needed.blob_id = top.blob_id
      join place on place.repository_id = needed.repository_id
    ) users where rank <= ${sql.lit(NAMED)}`.execute(store.read)
  const of = (kind: Row['kind']) => rows.filter((row) => row.kind === kind)
  const places = sumPlaces(wanted, names, of('between'), of('node'))
  return {
    places,
    withoutSharing: wanted.reduce((sum, { name }) => sum + (places.get(name)?.total ?? 0), 0),
    days: of('day')
      .map(({ a, bytes }) => ({ day: a, bytes }))
      .sort((a, b) => a.day - b.day),
    layers: await layersOf(store, wanted, of('layer'), of('user')),
  }
}

interface Row {
  readonly kind: 'between' | 'node' | 'day' | 'layer' | 'user'
  readonly a: number
  readonly b: number | null
  readonly bytes: number
  readonly blobs: number
}

/** Every repository and namespace, and which repositories are in each. */
function placesOf(wanted: readonly KnownRepository[]) {
  const numbers = new Map<string, number>()
  const members: [repository: number, node: number][] = []
  for (const { id, name } of wanted) {
    for (let end = 0; end !== -1; end = name.indexOf('/', end) + 1 || -1) {
      const place = name.slice(0, end)
      members.push([id, numberOf(numbers, place)])
    }
    members.push([id, numberOf(numbers, name)])
  }
  return { names: [...numbers.keys()], members }
}

function numberOf(numbers: Map<string, number>, place: string): number {
  const known = numbers.get(place) ?? numbers.size
  numbers.set(place, known)
  return known
}

function sumPlaces(
  wanted: readonly KnownRepository[],
  names: readonly string[],
  between: readonly Row[],
  nodes: readonly Row[],
): Map<string, PlaceStorage> {
  const frees = new Map<string, number>()
  const shared = new Map<string, number>()
  const add = (sums: Map<string, number>, key: string, bytes: number) => sums.set(key, (sums.get(key) ?? 0) + bytes)
  for (const { a, b, bytes } of between) {
    const [first, last] = [wanted[a]?.name ?? '', wanted[b ?? a]?.name ?? '']
    const owner = innermost(first, last)
    for (const place of [...namespacesOf(owner), owner]) {
      add(frees, place, bytes)
      if (first !== last) add(shared, place, bytes)
    }
  }
  return new Map(
    nodes.flatMap(({ a, bytes, blobs }) => {
      const name = names[a]
      if (name === undefined) return []
      return [[name, { total: bytes, frees: frees.get(name) ?? 0, shared: shared.get(name) ?? 0, blobs }]]
    }),
  )
}

/** The repository itself, or the namespace that holds both: `''` where that is the whole registry. */
function innermost(first: string, last: string): string {
  if (first === last) return first
  let same = 0
  while (same < first.length && first[same] === last[same]) same += 1
  return first.slice(0, first.lastIndexOf('/', same - 1) + 1)
}

/** The parents of a place: `['', 'team/']` for `team/api` and for `team/sub/`. */
function namespacesOf(place: string): string[] {
  const found: string[] = place === '' ? [] : ['']
  for (let at = place.indexOf('/'); at !== -1 && at + 1 < place.length; at = place.indexOf('/', at + 1))
    found.push(place.slice(0, at + 1))
  return found
}

async function layersOf(
  { read, dialect }: CatalogDatabase['store'],
  wanted: readonly KnownRepository[],
  layers: readonly Row[],
  users: readonly Row[],
): Promise<StoredLayer[]> {
  const { rows } = await sql<{ id: number; digest: string }>`
    select id, ${dialect.digestText(sql.ref('digest'))} as digest from blob where ${dialect.isOneOf(
      sql.ref('id'),
      layers.map(({ a }) => a),
    )}`.execute(read)
  const digests = new Map(rows.map(({ id, digest }) => [id, digest]))
  return layers.map(({ a: id, b, bytes, blobs: images }) => ({
    digest: digests.get(id) ?? '',
    size: bytes,
    images,
    repositories: b ?? 0,
    names: users.flatMap(({ a, b: position }) => (a === id ? (wanted[position ?? -1]?.name ?? []) : [])),
  }))
}

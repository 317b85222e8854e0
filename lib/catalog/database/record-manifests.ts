import { type Kysely, sql } from 'kysely'
import type { ImageType } from '../../filter/query.ts'
import { distinctRows, idsOf, insertMissing, intern } from '../../store/insert-missing.ts'
import { readTogether } from '../../store/read-together.ts'
import type { Store } from '../../store/store.ts'
import type { StoreDialect } from '../../store/store-dialect.ts'
import type { Tables } from '../../store/tables.ts'
import { transact } from '../../store/transact.ts'
import { completeImages, knownOf } from './complete-images.ts'
import { type ListedManifest, manifestIds } from './manifest-ids.ts'
import { writeNestedIndexes } from './nested-indexes.ts'
import { type LabelOrigin, newestId, recordLabels } from './record-labels.ts'
import { cutKey, storedText } from './stored-text.ts'

/** A manifest that a tag can point at, with everything that was read of it. */
export interface RecordedManifest {
  readonly digest: string
  readonly mediaType: string
  readonly type: ImageType
  readonly artifactType?: string
  /** Of the document. */
  readonly bytes: number
  /** The digest of the manifest that it refers to. */
  readonly subject?: string
  /** Of the image that stands for the whole in a table; milliseconds since the epoch, bytes. */
  readonly created?: number
  readonly size?: number
  /** Why it couldn't be read completely, as a stable code. */
  readonly problem?: string
  /** Attestations in an index about its images; absent if unreadable. */
  readonly holds?: { readonly sbom: boolean; readonly provenance: boolean }
  /** The data of a table row, as `storedSummary` has it. */
  readonly summary?: string
  /** Each runnable child of an index in its order; for anything else the manifest itself. Never empty. */
  readonly images: readonly PlatformImageFacts[]
  /** Indexes in it whose images are among its own, at any depth. */
  readonly indexes?: readonly ListedManifest[]
}

export interface PlatformImageFacts {
  readonly digest: string
  readonly mediaType: string
  readonly bytes: number
  /** Normalized: `linux/arm64`. */
  readonly platform?: string
  /** Milliseconds since the epoch. */
  readonly created?: number
  /** Bytes of the config and the distinct layers. */
  readonly size?: number
  readonly layers?: number
  /** The config first, then the layers in order. Of an index without images, what it lists. */
  readonly blobs: readonly RecordedBlob[]
  readonly labels: readonly { readonly key: string; readonly value: string; readonly origin: LabelOrigin }[]
}

export interface RecordedBlob {
  readonly digest: string
  readonly size: number
  /** A registry need not hold it, so that it doesn't count as stored. */
  readonly isForeign?: boolean
}

/**
 * Records the content of manifests, all or nothing. Content by digest never changes, so a completely known manifest is
 * skipped, and an incomplete one is completed.
 * @throws StoreError
 */
export async function recordManifests(store: Store, manifests: readonly RecordedManifest[]): Promise<void> {
  if (manifests.length === 0) return
  const { dialect } = store
  const known = await wholeManifests(
    store,
    manifests.map(({ digest }) => digest),
  )
  const unknown = manifests.filter(({ digest }) => !known.has(digest))
  if (unknown.length === 0) return
  await transact(store, async (db) => {
    const tops = await writeManifests(db, dialect, unknown)
    await writeImages(db, dialect, unknown, tops)
    await writeNestedIndexes(db, dialect, unknown, tops)
    await sql`update catalog_state set version = version + 1`.execute(db)
  })
}

/** Of a `manifest`: all its images are known, and reading it again would solve no problem. */
export const IS_WHOLE = sql`manifest.problem is null and (manifest.type <> 'index' or manifest.provenance is not null)
  and exists (select 1 from image where image.manifest_id = manifest.id)`

/** Those with all their images, and without a problem that reading them again may solve. @throws StoreError */
export function wholeManifests(store: Store, digests: readonly string[]): Promise<ReadonlySet<string>> {
  return digests.length === 0 ? Promise.resolve(new Set()) : readTogether(store, digests, readWhole)
}

async function readWhole({ read, dialect }: Store, asked: readonly (readonly string[])[]) {
  const digests = [...new Set(asked.flat())]
  const wanted = dialect.rows(
    'wanted',
    { digest: 'digest' },
    digests.map((digest) => [digest]),
  )
  const { rows } = await sql<{ digest: string }>`
    select ${dialect.digestText(sql.ref('manifest.digest'))} as digest from ${wanted} join manifest on manifest.digest = wanted.digest
    where ${IS_WHOLE}`.execute(read)
  const whole = new Set(rows.map(({ digest }) => digest))
  return asked.map((some) => new Set(some.filter((digest) => whole.has(digest))))
}

const MANIFEST = {
  digest: 'digest',
  media_type: 'text',
  type: 'text',
  artifact_type: 'text',
  bytes: 'int',
  subject: 'text',
  created: 'bigint',
  size: 'bigint',
  problem: 'text',
  summary: 'text',
  sbom: 'int',
  provenance: 'int',
} as const

/** A summary that a page has read stays, with the time and size that belong to it, where the facts come without one. */
function updated(column: string) {
  if (column === 'summary') return sql`coalesce(excluded.summary, manifest.summary)`
  if (column !== 'created' && column !== 'size') return sql`excluded.${sql.ref(column)}`
  const keeps = sql`excluded.summary is null and manifest.summary is not null`
  return sql`case when ${keeps} then manifest.${sql.ref(column)} else excluded.${sql.ref(column)} end`
}

/** @returns the ids of the manifests, in order */
async function writeManifests(db: Kysely<Tables>, dialect: StoreDialect, manifests: readonly RecordedManifest[]) {
  const rows = manifests.map((facts) => [
    facts.digest,
    facts.mediaType,
    facts.type,
    facts.artifactType ?? null,
    facts.bytes,
    facts.subject ?? null,
    facts.created ?? null,
    facts.size ?? null,
    facts.problem ?? null,
    facts.summary === undefined ? null : storedText(facts.summary),
    facts.holds ? Number(facts.holds.sbom) : null,
    facts.holds ? Number(facts.holds.provenance) : null,
  ])
  const names = Object.keys(MANIFEST).map((column) => sql.ref(column))
  const updates = Object.keys(MANIFEST)
    .slice(1)
    .map((column) => sql`${sql.ref(column)} = ${updated(column)}`)
  // A row may be there as the child of an index, of which only the descriptor was known.
  await sql`
    insert into manifest (${sql.join(names)})
    select ${sql.join(names)} from ${dialect.rows('new', MANIFEST, distinctRows(rows, 1))} where true
    on conflict (digest) do update set ${sql.join(updates)}`.execute(db)
  return intern(db, dialect, { table: 'manifest', columns: MANIFEST, rows }, 1)
}

async function writeImages(
  db: Kysely<Tables>,
  dialect: StoreDialect,
  manifests: readonly RecordedManifest[],
  tops: readonly number[],
): Promise<void> {
  const images = manifests.flatMap((facts, index) =>
    facts.images.map((image, position) => ({ ...image, top: tops[index] as number, position })),
  )
  const children = await manifestIds(db, dialect, 'image', images)
  const platforms = await platformIds(
    db,
    dialect,
    images.flatMap(({ platform }) => platform ?? []),
  )
  const platformOf = ({ platform }: PlatformImageFacts) =>
    platform === undefined ? null : (platforms.get(platform) ?? null)
  await writeBlobs(db, dialect, images, children)
  const before = await newestId(db, 'image')
  const own = {
    table: 'image',
    columns: {
      manifest_id: 'int',
      child_id: 'int',
      position: 'int',
      platform_id: 'int',
      created: 'bigint',
      size: 'bigint',
      layers: 'int',
    },
    rows: images.map((image, index) => [
      image.top,
      children[index] as number,
      image.position,
      platformOf(image),
      image.created ?? null,
      image.size ?? null,
      image.layers ?? null,
    ]),
  } as const
  // Reports list the images of an index in the order of their ids.
  await insertMissing(db, dialect, own)
  const ids = await idsOf(db, dialect, own, 2)
  const known = images.map((image) => ({ ...image, platformId: platformOf(image) }))
  const completed = await completeImages(db, dialect, { manifests: tops, ids, images: known })
  // Existing rows have already been counted, but for what could not be read at the time.
  const added = new Map(ids.flatMap((id, index) => (id > before || completed.has(id) ? [[id, images[index]]] : [])))
  const labels = [...added].flatMap(([image, facts]) => {
    const had = completed.get(image)
    return (facts?.labels ?? []).map((given) => {
      const label = { ...given, key: cutKey(given.key) }
      return { ...label, image, ...(had && knownOf(had, label)) }
    })
  })
  await recordLabels(db, dialect, labels)
}

async function platformIds(db: Kysely<Tables>, dialect: StoreDialect, names: readonly string[]) {
  const distinct = [...new Set(names)]
  const ids = await intern(
    db,
    dialect,
    { table: 'platform', columns: { name: 'text' }, rows: distinct.map((name) => [storedText(name)]) },
    1,
  )
  return new Map(distinct.map((name, index) => [name, ids[index] as number]))
}

async function writeBlobs(
  db: Kysely<Tables>,
  dialect: StoreDialect,
  images: readonly PlatformImageFacts[],
  children: readonly number[],
): Promise<void> {
  const uses = images.flatMap(({ blobs }, index) =>
    blobs.map((blob, position) => ({ ...blob, position, manifest: children[index] as number })),
  )
  const ids = await intern(
    db,
    dialect,
    {
      table: 'blob',
      columns: { digest: 'digest', size: 'bigint' },
      rows: uses.map(({ digest, size }) => [digest, size]),
    },
    1,
  )
  await insertMissing(db, dialect, {
    table: 'manifest_blob',
    columns: { manifest_id: 'int', position: 'int', blob_id: 'int', is_foreign: 'int' },
    rows: uses.map(({ manifest, position, isForeign }, index) => [
      manifest,
      position,
      ids[index] as number,
      Number(isForeign ?? false),
    ]),
  })
}

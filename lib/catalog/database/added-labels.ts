import { sql } from 'kysely'
import type { Digest } from '../../oci/digest.ts'
import type { Place } from '../../oci/place.ts'
import type { Store } from '../../store/store.ts'
import { storedDigest } from '../../store/stored-digest.ts'
import { repositoryId } from './repository-ids.ts'
import { originalText, storedText } from './stored-text.ts'

export const ADDED_MEDIA_TYPES = ['text/plain', 'application/json'] as const
export type AddedMediaType = (typeof ADDED_MEDIA_TYPES)[number]

/** A label added to a manifest in one repository. The manifest itself is unchanged. */
export interface AddedLabel {
  readonly id: string
  readonly digest: Digest
  readonly key: string
  readonly value: string
  readonly mediaType: AddedMediaType
  /** Its origin: the pages or a script. */
  readonly source: 'ui' | 'api'
  readonly createdBy: string
  /** Milliseconds since the epoch. */
  readonly createdAt: number
  /** The referrer published for it in the registry. */
  readonly published?: Digest
}

/** Labels that can be added to one manifest. */
export const MOST_ADDED = 200

/** @returns false when the manifest has as many as it may have. @throws StoreError */
export async function insertAddedLabel({ write, dialect }: Store, place: Place, label: AddedLabel): Promise<boolean> {
  return write.transaction().execute(async (db) => {
    const repository = await repositoryId(db, dialect, place, label.createdAt)
    const { count } = await db
      .selectFrom('added_label')
      .select((select) => select.fn.countAll().as('count'))
      .where('repository_id', '=', repository)
      .where('digest', '=', storedDigest(label.digest))
      .executeTakeFirstOrThrow()
    if (Number(count) >= MOST_ADDED) return false
    await db
      .insertInto('added_label')
      .values({
        id: label.id,
        repository_id: repository,
        digest: storedDigest(label.digest),
        key: label.key,
        value: storedText(label.value),
        media_type: label.mediaType,
        source: label.source,
        created_by: label.createdBy,
        created_at: label.createdAt,
        published: label.published ?? null,
      })
      .execute()
    await sql`update catalog_state set version = version + 1`.execute(db)
    return true
  })
}

/** @throws StoreError */
export async function markPublished({ write }: Store, id: string, referrer: Digest): Promise<void> {
  await write.updateTable('added_label').set({ published: referrer }).where('id', '=', id).execute()
}

interface Wanted {
  readonly digests: readonly Digest[]
  /** What their keys begin with. */
  readonly prefix?: string | undefined
}

/** Those of some manifests of a repository, by key and age. @throws StoreError */
export async function listAddedLabels({ read, dialect }: Store, place: Place, wanted: Wanted): Promise<AddedLabel[]> {
  const { digests, prefix = '' } = wanted
  if (digests.length === 0) return []
  const rows = await select(read, dialect, place)
    .where(dialect.isOneOfDigests(sql.ref('added_label.digest'), digests))
    .orderBy('added_label.key')
    .orderBy('added_label.created_at')
    .orderBy('added_label.id')
    .execute()
  return rows.map(labelOf).filter(({ key }) => key.startsWith(prefix))
}

/** @throws StoreError */
export async function findAddedLabel(
  { read, dialect }: Store,
  place: Place,
  id: string,
): Promise<AddedLabel | undefined> {
  const row = await select(read, dialect, place).where('added_label.id', '=', id).executeTakeFirst()
  return row && labelOf(row)
}

/** @returns false when it isn't there. @throws StoreError */
export async function deleteAddedLabel({ write, dialect }: Store, place: Place, id: string): Promise<boolean> {
  return write.transaction().execute(async (db) => {
    const row = await select(db, dialect, place).where('added_label.id', '=', id).executeTakeFirst()
    if (!row) return false
    const { numDeletedRows } = await db.deleteFrom('added_label').where('id', '=', id).executeTakeFirst()
    await sql`update catalog_state set version = version + 1`.execute(db)
    return numDeletedRows > 0n
  })
}

function select(db: Store['read'], dialect: Store['dialect'], { registry, repository }: Place) {
  return db
    .selectFrom('added_label')
    .innerJoin('repository', 'repository.id', 'added_label.repository_id')
    .innerJoin('registry', 'registry.id', 'repository.registry_id')
    .selectAll('added_label')
    .select(dialect.digestText(sql.ref('added_label.digest')).as('manifest'))
    .where('registry.name', '=', registry)
    .where('repository.name', '=', repository)
}

type Row = Awaited<ReturnType<ReturnType<typeof select>['execute']>>[number]

/** Only `insertAddedLabel` writes rows. */
function labelOf(row: Row): AddedLabel {
  return {
    id: row.id,
    digest: row.manifest as Digest,
    key: row.key,
    value: originalText(row.value),
    mediaType: row.media_type as AddedMediaType,
    source: row.source as AddedLabel['source'],
    createdBy: row.created_by,
    createdAt: row.created_at,
    ...(row.published !== null && { published: row.published as Digest }),
  }
}

export interface AddedTo {
  readonly repository: number
  readonly digest: string
  readonly key: string
  readonly value: string
}

/** Those with one of the keys on one of the digests, in any repository, by repository and digest. @throws StoreError */
export async function addedTo(
  { read, dialect }: Store,
  digests: readonly string[],
  keys: readonly string[],
): Promise<ReadonlyMap<string, readonly AddedTo[]>> {
  if (digests.length === 0 || keys.length === 0) return new Map()
  const rows = await read
    .selectFrom('added_label')
    .select(['repository_id', dialect.digestText(sql.ref('digest')).as('digest'), 'key', 'value'])
    .where(dialect.isOneOfTexts(sql.ref('key'), [...new Set(keys)].map(storedText)))
    .where(dialect.isOneOfDigests(sql.ref('digest'), [...new Set(digests)]))
    .execute()
  return Map.groupBy(
    rows.map(({ repository_id: repository, digest, key, value }) => ({
      repository,
      digest,
      key,
      value: originalText(value),
    })),
    ({ repository, digest }) => addedPlace(repository, digest),
  )
}

/** Labels that people added are rare: whether there are any with one of the keys, in any repository. @throws StoreError */
export async function hasAdded({ read, dialect }: Store, keys: readonly string[]): Promise<boolean> {
  if (keys.length === 0) return false
  const isNamed = dialect.isOneOfTexts(sql.ref('key'), keys.map(storedText))
  const rows = await read.selectFrom('added_label').select('id').where(isNamed).limit(1).execute()
  return rows.length > 0
}

export function addedPlace(repository: number, digest: string): string {
  return `${repository} ${digest}`
}

import { sql } from 'kysely'
import { cosignTag } from '../../image/referrers/referrers-tag.ts'
import { type Digest, isDigest } from '../../oci/digest.ts'
import type { Place } from '../../oci/place.ts'
import type { Tag } from '../../oci/reference.ts'
import { ATTACHED } from './attached.ts'
import type { CatalogDatabase } from './catalog-database.ts'
import type { TagEvent } from './tag-events.ts'
import type { Visibility } from './visibility.ts'

/** What has been seen of a tag besides its image. */
export interface TagMarks {
  /** What it was on when this was seen. */
  readonly digest: Digest
  /** Whether a signature is attached to the image in this repository; absent: not checked. */
  readonly signed?: boolean
  /** Of an index that isn't signed itself, as `cosign sign --recursive` leaves it when it stops: its platforms. */
  readonly platforms?: SignedPlatforms
  /** How it came to its image, if it was seen to move there. */
  readonly moved?: TagMove
}

export interface SignedPlatforms {
  /** At least one. */
  readonly signed: number
  readonly of: number
}

export interface TagMove extends Pick<TagEvent, 'how' | 'at'> {
  readonly from: Digest
}

/** Those of one visible repository; tags that haven’t been read are left out. @throws StoreError */
export async function tagMarks(
  { store: { read, dialect }, repositories }: CatalogDatabase,
  visibility: Visibility,
  place: Place,
  tags: readonly Tag[],
): Promise<ReadonlyMap<Tag, TagMarks>> {
  const own = (await repositories.visible(visibility)).at(place)
  if (!own || tags.length === 0) return new Map()
  const { rows } = await sql<Row>`
    select t.name, t.manifest_id, ${dialect.digestText(sql.ref('m.digest'))} as digest,
      (t.attached & ${sql.lit(ATTACHED.signature)}) > 0 as signature,
      e.at, e.how, ${dialect.digestText(sql.ref('f.digest'))} as from_digest
    from tag t
    join manifest m on m.id = t.manifest_id
    left join tag_event e on e.repository_id = t.repository_id and e.tag = t.name and e.kind = 'moved'
      and e.at = t.moved_at and e.to_manifest_id = t.manifest_id
    left join manifest f on f.id = e.from_manifest_id
    where t.repository_id = ${own.id} and ${dialect.isOneOfTexts(sql.ref('t.name'), tags)}`.execute(read)
  const unsigned = rows.flatMap(({ signature, manifest_id: id }) => (signature === null || signature ? [] : [id]))
  const platforms = await signedPlatforms({ read, dialect }, own.id, unsigned)
  return new Map(rows.map((row) => [row.name, marksOf(row, platforms.get(row.manifest_id))]))
}

/**
 * Of indexes the platforms that cosign has signed under tags of their own digests, which are in the list of tags. Of others
 * nothing is known: nobody has asked the registry.
 */
async function signedPlatforms(
  { read, dialect }: Pick<CatalogDatabase['store'], 'read' | 'dialect'>,
  repository: number,
  indexes: readonly number[],
): Promise<ReadonlyMap<number, SignedPlatforms>> {
  if (indexes.length === 0) return new Map()
  const { list_folded: folded } = await read
    .selectFrom('repository')
    .select('list_folded')
    .where('id', '=', repository)
    .executeTakeFirstOrThrow()
  if (folded === null) return new Map()
  const { rows } = await sql<{ manifest_id: number; digest: Digest }>`
    select i.manifest_id, ${dialect.digestText(sql.ref('m.digest'))} as digest
    from image i join manifest m on m.id = i.child_id
    where ${dialect.isOneOf(sql.ref('i.manifest_id'), indexes)} and i.child_id <> i.manifest_id`.execute(read)
  const tags = new Set<string>(rows.length > 0 ? JSON.parse(folded) : [])
  const counted = Array.from(
    Map.groupBy(rows, ({ manifest_id: id }) => id),
    ([id, children]) => {
      const signed = children.filter(({ digest }) => isDigest(digest) && tags.has(cosignTag(digest, 'sig'))).length
      return [id, { signed, of: children.length }] as const
    },
  )
  return new Map(counted.filter(([, { signed }]) => signed > 0))
}

interface Row {
  readonly name: Tag
  readonly manifest_id: number
  readonly digest: Digest
  readonly signature: number | boolean | null
  readonly at: number | string | null
  readonly how: TagEvent['how'] | null
  readonly from_digest: Digest | null
}

function marksOf({ digest, signature, at, how, from_digest: from }: Row, platforms?: SignedPlatforms): TagMarks {
  return {
    digest,
    ...(signature !== null && { signed: Boolean(signature) }),
    ...(platforms && { platforms }),
    ...(at !== null && how !== null && from !== null && { moved: { at: Number(at), how, from } }),
  }
}

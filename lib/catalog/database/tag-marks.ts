import { sql } from 'kysely'
import type { Digest } from '../../oci/digest.ts'
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
  /** How it came to its image, if it was seen to move there. */
  readonly moved?: TagMove
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
    select t.name, ${dialect.digestText(sql.ref('m.digest'))} as digest,
      (t.attached & ${sql.lit(ATTACHED.signature)}) > 0 as signature,
      e.at, e.how, ${dialect.digestText(sql.ref('f.digest'))} as from_digest
    from tag t
    join manifest m on m.id = t.manifest_id
    left join tag_event e on e.repository_id = t.repository_id and e.tag = t.name and e.kind = 'moved'
      and e.at = t.moved_at and e.to_manifest_id = t.manifest_id
    left join manifest f on f.id = e.from_manifest_id
    where t.repository_id = ${own.id} and ${dialect.isOneOfTexts(sql.ref('t.name'), tags)}`.execute(read)
  return new Map(rows.map((row) => [row.name, marksOf(row)]))
}

interface Row {
  readonly name: Tag
  readonly digest: Digest
  readonly signature: number | boolean | null
  readonly at: number | string | null
  readonly how: TagEvent['how'] | null
  readonly from_digest: Digest | null
}

function marksOf({ digest, signature, at, how, from_digest: from }: Row): TagMarks {
  return {
    digest,
    ...(signature !== null && { signed: Boolean(signature) }),
    ...(at !== null && how !== null && from !== null && { moved: { at: Number(at), how, from } }),
  }
}

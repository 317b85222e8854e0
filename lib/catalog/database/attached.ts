import { sql } from 'kysely'
import type { Attachment } from '../../filter/query.ts'
import type { Place } from '../../oci/place.ts'
import type { Store } from '../../store/store.ts'

/** What a tag's `attached` is the sum of. */
export const ATTACHED = { signature: 1, sbom: 2, provenance: 4 } as const satisfies Record<Attachment, number>

export function attachedBits(has: Readonly<Partial<Record<Attachment, boolean>>>): number {
  return (Object.keys(ATTACHED) as Attachment[]).reduce((sum, kind) => sum + (has[kind] ? ATTACHED[kind] : 0), 0)
}

/** Records the attachments of images in one repository, for every tag that points at them. @throws StoreError */
export async function recordAttached(
  { write, dialect }: Store,
  { registry, repository }: Place,
  found: readonly { readonly digest: string; readonly attached: number }[],
): Promise<void> {
  if (found.length === 0) return
  await write.transaction().execute(async (db) => {
    for (const [attached, some] of Map.groupBy(found, (each) => each.attached)) {
      const digests = some.map(({ digest }) => digest)
      await sql`
        update tag set attached = ${attached}
        where (attached is null or attached <> ${attached}) and repository_id = (
          select repository.id from repository join registry on registry.id = repository.registry_id
          where registry.name = ${registry} and repository.name = ${repository}
        ) and manifest_id in (select id from manifest where ${dialect.isOneOfDigests(sql.ref('digest'), digests)})`.execute(
        db,
      )
    }
    await sql`update catalog_state set version = version + 1`.execute(db)
  })
}

interface KnownImage {
  readonly digest: string
  /** Absent: not checked yet, at least for one of its tags. */
  readonly attached?: number
  /** Milliseconds since the epoch: when a tag was last seen to be put on it. */
  readonly since: number
}

/** The images that tags of a repository are on. @throws StoreError */
export async function knownAttached({ read, dialect }: Store, repository: number): Promise<KnownImage[]> {
  const { rows } = await sql<{ digest: string; attached: number | null; unknown: number; since: number }>`
    select ${dialect.digestText(sql.ref('m.digest'))} as digest, min(t.attached) as attached, max(case when t.attached is null then 1 else 0 end) as unknown,
      max(case when t.moved_at > t.first_seen then t.moved_at else t.first_seen end) as since
    from tag t join manifest m on m.id = t.manifest_id where t.repository_id = ${repository} group by m.digest`.execute(
    read,
  )
  return rows.map(({ digest, attached, unknown, since }) => ({
    digest,
    since: Number(since),
    ...(attached !== null && unknown === 0 && { attached }),
  }))
}

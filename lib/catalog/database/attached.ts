import { sql, type Transaction } from 'kysely'
import type { Attachment } from '../../filter/query.ts'
import type { Place } from '../../oci/place.ts'
import { commitAll } from '../../store/commit-together.ts'
import type { Store } from '../../store/store.ts'
import type { StoreDialect } from '../../store/store-dialect.ts'
import type { Tables } from '../../store/tables.ts'

/** What a tag's `attached` is the sum of. */
export const ATTACHED = { signature: 1, sbom: 2, provenance: 4 } as const satisfies Record<Attachment, number>

export function attachedBits(has: Readonly<Partial<Record<Attachment, boolean>>>): number {
  return (Object.keys(ATTACHED) as Attachment[]).reduce((sum, kind) => sum + (has[kind] ? ATTACHED[kind] : 0), 0)
}

/** Records the attachments of images in one repository, for every tag that points at them. @throws StoreError */
export async function recordAttached(
  store: Store,
  place: Place,
  found: readonly { readonly digest: string; readonly attached: number }[],
): Promise<void> {
  if (found.length > 0) await commitAll(store, { dialect: store.dialect, place, found }, writeAttached)
}

interface Attached {
  readonly dialect: StoreDialect
  readonly place: Place
  readonly found: readonly { readonly digest: string; readonly attached: number }[]
}

async function writeAttached(db: Transaction<Tables>, all: readonly Attached[]): Promise<undefined> {
  const [first] = all
  if (!first) return
  const rows = all.flatMap(({ place: { registry, repository }, found }) =>
    found.map(({ digest, attached }) => [registry, repository, digest, attached] as const),
  )
  const columns = { registry: 'text', repository: 'text', digest: 'digest', attached: 'int' } as const
  await sql`
    update tag set attached = seen.attached
    from ${first.dialect.rows('seen', columns, rows)}
    join registry on registry.name = seen.registry
    join repository on repository.registry_id = registry.id and repository.name = seen.repository
    join manifest on manifest.digest = seen.digest
    where tag.repository_id = repository.id and tag.manifest_id = manifest.id
      and (tag.attached is null or tag.attached <> seen.attached)`.execute(db)
  await sql`update catalog_state set version = version + 1`.execute(db)
}

interface KnownImage {
  readonly digest: string
  /** Absent: not checked yet, at least for one of its tags. */
  readonly attached?: number
  /** Milliseconds since the epoch: when a tag was last seen to be put on it. */
  readonly since: number
}

/** The images that tags of each of the repositories are on, in their order. @throws StoreError */
export async function knownAttached(
  { read, dialect }: Store,
  repositories: readonly number[],
): Promise<readonly (readonly KnownImage[])[]> {
  const { rows } = await sql<{
    repository: number
    digest: string
    attached: number | null
    unknown: number
    since: number
  }>`
    select t.repository_id as repository, ${dialect.digestText(sql.ref('m.digest'))} as digest, min(t.attached) as attached,
      max(case when t.attached is null then 1 else 0 end) as unknown,
      max(case when t.moved_at > t.first_seen then t.moved_at else t.first_seen end) as since
    from tag t join manifest m on m.id = t.manifest_id
    where ${dialect.isOneOf(sql.ref('t.repository_id'), repositories)} group by t.repository_id, m.digest`.execute(read)
  const images = Map.groupBy(rows, ({ repository }) => repository)
  return repositories.map((repository) =>
    (images.get(repository) ?? []).map(({ digest, attached, unknown, since }) => ({
      digest,
      since: Number(since),
      ...(attached !== null && unknown === 0 && { attached }),
    })),
  )
}

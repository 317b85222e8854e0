import { sql } from 'kysely'
import type { Place } from '../../oci/place.ts'
import { storedDigestRange } from '../../store/stored-digest.ts'
import type { CatalogDatabase } from './catalog-database.ts'
import type { Visibility } from './visibility.ts'

export interface DigestUse extends Place {
  readonly tag: string
  /** Whole, where only its beginning was asked for. */
  readonly digest: string
  /** Its role: the tag's target, an image or index that the target lists, or a config or layer of an image. */
  readonly role: 'manifest' | 'listed' | 'config' | 'layer'
}

/**
 * The visible tags that show content with a digest, or with one that begins so.
 * @param hex at least 6 hexadecimal digits, without the algorithm
 * @throws StoreError
 */
export async function findDigest(
  { store, repositories }: CatalogDatabase,
  { visibility, hex, limit }: { readonly visibility: Visibility; readonly hex: string; readonly limit: number },
): Promise<DigestUse[]> {
  if (!/^[0-9a-f]{6,128}$/.test(hex)) return []
  const visible = await repositories.visible(visibility)
  if (visible.list.length === 0) return []
  const { dialect, read } = store
  const [from, to] = storedDigestRange(hex)
  const begins = (column: string) => sql`(${sql.ref(column)} >= ${from} and ${sql.ref(column)} < ${to})`
  const isVisible = visible.isEverything
    ? sql``
    : sql`and ${dialect.isOneOf(
        sql.ref('t.repository_id'),
        visible.list.map(({ id }) => id),
      )}`
  const { rows } = await sql<Row>`
    with named as materialized (select id, digest from manifest where ${begins('digest')}),
    used as materialized (
      select b.digest, mb.manifest_id, mb.position from blob b
      join manifest_blob mb on mb.blob_id = b.id where ${begins('b.digest')}
    ),
    uses as (
      select named.digest, named.id as manifest_id, 'manifest' as role from named
      union select named.digest, i.manifest_id, 'listed' from named
        join image i on i.child_id = named.id and i.child_id <> i.manifest_id
      union select named.digest, n.manifest_id, 'listed' from named join nested_index n on n.child_id = named.id
      union select used.digest, i.manifest_id, case when used.position = 0 then 'config' else 'layer' end
        from used join image i on i.child_id = used.manifest_id
    )
    select distinct t.repository_id, t.name, ${dialect.digestText(sql.ref('uses.digest'))} as digest, uses.role
    from uses join tag t on t.manifest_id = uses.manifest_id where 1 = 1 ${isVisible}
    order by t.repository_id, t.name limit ${limit}`.execute(read)
  return rows.flatMap(({ repository_id: id, name: tag, digest, role }) => {
    const repository = visible.byId.get(id)
    return repository ? [{ registry: repository.registry, repository: repository.name, tag, digest, role }] : []
  })
}

interface Row {
  readonly repository_id: number
  readonly name: string
  readonly digest: string
  readonly role: DigestUse['role']
}

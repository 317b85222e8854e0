import { type RawBuilder, type SqlBool, sql } from 'kysely'
import { readPacked } from '../../store/read-packed.ts'
import type { Store } from '../../store/store.ts'
import { type Matching, type MatchingTag, matchingTags } from './matching-tags.ts'
import type { RankedTag, TagStep } from './tag-steps.ts'

/** A tag that the query finds if it finds some of the manifest's images: see `matchingOf`. */
export interface StepTag<Manifest> extends RankedTag {
  readonly manifest: Manifest
  readonly images: string | null
}

/** Manifests by id, without those that no image of satisfies the query. */
type ReadManifests<Manifest> = (ids: readonly number[]) => Promise<ReadonlyMap<number, Manifest>>

const COLUMNS = ['id', 'repository_id', 'name', 'listed', 'version_key', 'created', 'moved_at', 'size']
type Row = MatchingTag<
  [
    id: number,
    repository: number,
    name: string,
    listed: number,
    versionKey: string,
    created: number,
    moved: number,
    size: number,
  ]
>

/** The tags of a step in order, each with its manifest, which is read once for all its tags. @throws StoreError */
export async function stepTags<Manifest>(
  store: Store,
  matching: Matching,
  { condition, order }: TagStep,
  readManifests: ReadManifests<Manifest>,
): Promise<readonly StepTag<Manifest>[]> {
  // Manifests first, as they never change: tags on those that the query doesn't find aren't brought over.
  const asked = await manifestsOf(store, condition)
  const found = await readManifests(asked)
  const others = asked.filter((id) => !found.has(id))
  const isFound = sql`not (${store.dialect.isOneOf(sql.ref('t.manifest_id'), others)})`
  const isMeant = others.length === 0 ? condition : sql<SqlBool>`${condition} and ${isFound}`
  const rows: Row[] = await matchingTags(store, matching, isMeant, COLUMNS)
  const known = new Set(asked)
  // Of tags that have appeared or moved in between.
  const later = new Set(rows.map(([, , , , , , , , manifest]) => manifest).filter((id) => !known.has(id)))
  const manifests = later.size === 0 ? found : new Map([...found, ...(await readManifests([...later]))])
  const tags = rows.flatMap(
    ([id, repository, name, listed, key, created, moved, size, on, images]): StepTag<Manifest>[] => {
      const manifest = manifests.get(on)
      if (!manifest) return []
      const ranked = { id, repository_id: repository, name, listed, version_key: key, created, moved_at: moved, size }
      return [{ ...ranked, manifest, images }]
    },
  )
  return tags.sort(order)
}

async function manifestsOf(store: Store, isMeant: RawBuilder<SqlBool>): Promise<number[]> {
  const isRead = sql`t.manifest_id is not null`
  const from = sql`from (select distinct t.manifest_id from tag t where ${isMeant} and ${isRead}) m`
  return (await readPacked<[manifest: number]>(store, [sql.ref('m.manifest_id')], from)).map(([id]) => id)
}

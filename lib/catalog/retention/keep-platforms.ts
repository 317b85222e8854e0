import { sql } from 'kysely'
import type { Store } from '../../store/store.ts'
import { PLATFORM, type Verdicts } from './evaluate-tags.ts'
import type { CatalogTag } from './read-repository-tags.ts'

interface Decision {
  /** That the policy is about. */
  readonly tags: readonly CatalogTag[]
  /** Of the repository. */
  readonly all: readonly CatalogTag[]
  /** Of `tags`, in their order. */
  readonly verdicts: Verdicts
}

/**
 * An image that would go with all its tags stays while an index lists it that stays: no run deletes it.
 * @returns for such an image a tag of the index
 * @throws StoreError
 */
export async function keepPlatforms(
  store: Store,
  { tags, all, verdicts: { kept } }: Decision,
): Promise<ReadonlyMap<number, string>> {
  const isGoing = new Set(tags.filter((_, at) => kept[at] === 0))
  if (isGoing.size === 0) return new Map()
  const staying = new Map<number, string>()
  for (const tag of all) if (tag.manifest !== undefined && !isGoing.has(tag)) staying.set(tag.manifest, tag.name)
  if (staying.size === 0) return new Map()
  const going = new Set([...isGoing].flatMap(({ manifest }) => manifest ?? []).filter((one) => !staying.has(one)))
  const found = new Map<number, string>()
  for (const { child, index } of await listedBy(store, [...going])) {
    const tag = staying.get(index)
    if (tag !== undefined) found.set(child, tag)
  }
  if (found.size === 0) return found
  for (const [at, { manifest }] of tags.entries())
    if (kept[at] === 0 && manifest !== undefined && found.has(manifest)) kept[at] = PLATFORM
  return found
}

const AT_ONCE = 5_000

/** The indexes that list an image or an index. */
async function listedBy(
  { read, dialect }: Store,
  images: readonly number[],
): Promise<{ readonly child: number; readonly index: number }[]> {
  const found: { child: number; index: number }[] = []
  for (let from = 0; from < images.length; from += AT_ONCE) {
    const some = images.slice(from, from + AT_ONCE)
    const { rows } = await sql<{ child: number; index: number }>`
      select child_id as child, manifest_id as ${sql.ref('index')} from image
      where child_id <> manifest_id and ${dialect.isOneOf(sql.ref('child_id'), some)}
      union all
      select child_id, manifest_id from nested_index where ${dialect.isOneOf(sql.ref('child_id'), some)}`.execute(read)
    found.push(...rows)
  }
  return found
}

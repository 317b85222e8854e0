import { type RawBuilder, sql } from 'kysely'
import type { Store } from '../../store/store.ts'
import type { StoreDialect } from '../../store/store-dialect.ts'
import type { Resolved } from './resolve-query.ts'

/** Roughly how much there is. */
interface CatalogSize {
  readonly images: number
  readonly tags: number
}

export interface QueryEstimate {
  /** Images that match, roughly. */
  readonly images: number
  /** Out of this many. */
  readonly total: number
  /** In all repositories. */
  readonly totalTags: number
  /** Where to begin when the images are searched: those with the rarest label, or of a digest. Undefined: all. */
  readonly drive?: RawBuilder<unknown>
  /** No more images than these match, by exact counts. */
  readonly atMost?: number
  /** The ids of all tags that can match, where a name says that they are few. */
  readonly tags?: readonly number[]
}

/** A share of images below which searching them is quicker than walking tags until a page is full. */
const SELECTIVE = 0.003
/** Up to this many tags are checked one by one instead of searching images first. */
const FEW_TAGS = 5_000
/** The assumed share of a term whose count is unknown. */
const USUAL = 0.3

export function isSelective({ images, total, tags }: QueryEstimate): boolean {
  return tags !== undefined || images <= total * SELECTIVE
}

export async function catalogSize({ read }: Store): Promise<CatalogSize> {
  const { rows } = await sql<CatalogSize>`
    select coalesce((select max(id) from image), 0) as images, coalesce((select tags from catalog_state), 0) as tags`.execute(
    read,
  )
  return rows[0] ?? { images: 0, tags: 0 }
}

/** @param size where it has been looked up already */
export async function estimateQuery(store: Store, query: Resolved, size?: CatalogSize): Promise<QueryEstimate> {
  const { images, tags } = size ?? (await catalogSize(store))
  const total = Math.max(1, images)
  const drive = rarest(query)
  return {
    images: share(query, total) * total,
    total,
    totalTags: tags,
    // Half of all images are read sooner in their own order.
    ...(drive && { atMost: drive.images }),
    ...(drive && drive.images < total / 4 && { drive: drive.source(store) }),
    ...(await fewTags(store, query)),
  }
}

/** The tags that a name stands for, among the terms that everything must satisfy. */
async function fewTags(store: Store, query: Resolved): Promise<{ tags?: readonly number[] }> {
  const terms = query.op === 'and' ? query.terms : [query]
  for (const term of terms) {
    if (term.op !== 'term' || !('tags' in term.found) || !term.found.tags || !('names' in term.found.tags)) continue
    const { found } = term
    const { dialect } = store
    const repositories = found.kind === 'repositories' ? [...found.ids] : []
    const { rows } = await sql<{ id: number }>`
      select id from tag where ${dialect.isOneOf(sql.ref('repository_id'), repositories)}
      union select id from tag where ${dialect.isOneOfTexts(sql.ref('name'), term.found.tags.names)}
      limit ${FEW_TAGS + 1}`.execute(store.read)
    if (rows.length <= FEW_TAGS) return { tags: rows.map(({ id }) => id) }
  }
  return {}
}

function share(query: Resolved, total: number): number {
  if (query.op === 'not') return 1 - share(query.term, total)
  if (query.op !== 'term') {
    const shares = query.terms.map((term) => share(term, total))
    if (query.op === 'and') return shares.reduce((product, one) => product * one, 1)
    return Math.min(
      1,
      shares.reduce((sum, one) => sum + one, 0),
    )
  }
  switch (query.found.kind) {
    case 'nowhere':
      return 0
    case 'label':
      return Math.min(1, query.found.images / total)
    case 'manifests':
      return Math.min(1, query.found.ids.length / total)
    case 'repositories':
      // Repositories that must match are looked for first: they narrow the walk, and not what it finds.
      return query.found.tags ? USUAL : 1
    default:
      return USUAL
  }
}

interface Drive {
  readonly images: number
  source(store: Store): RawBuilder<unknown>
}

/** Among the terms that everything must satisfy, the one that fewest images do. */
function rarest(query: Resolved): Drive | undefined {
  if (query.op === 'and') {
    const drives = query.terms.map(rarest).filter((drive) => drive !== undefined)
    return drives.sort((a, b) => a.images - b.images)[0]
  }
  if (query.op !== 'term') return undefined
  const { found } = query
  if (found.kind === 'manifests')
    return {
      images: found.ids.length,
      source: ({ dialect }) => sql`(
        select * from image where ${dialect.isOneOf(sql.ref('manifest_id'), found.ids)}
        union select * from image where ${dialect.isOneOf(sql.ref('child_id'), found.ids)}) i`,
    }
  const isPositive = query.term.field === 'label' && query.term.test !== 'differs'
  if (found.kind !== 'label' || !isPositive) return undefined
  return {
    images: found.images,
    source: ({ dialect }) => {
      const isValue = found.values ? sql`and ${dialect.isOneOf(sql.ref('d.value_id'), found.values)}` : sql``
      const own = sql`select distinct d.image_id from label d where d.key_id = ${found.key ?? -1} ${isValue}`
      return sql`(${own} ${found.added ? orAdded(found.added, dialect) : sql``}) d join image i on i.id = d.image_id`
    },
  }
}

/** Images that somebody gave the label, and those of indexes that have it, in any repository. */
function orAdded({ key, ids }: { key: string; ids?: readonly string[] }, dialect: StoreDialect): RawBuilder<unknown> {
  const isMeant = ids ? dialect.isOneOfTexts(sql.ref('a.id'), ids) : sql`a.key = ${key}`
  const images = (column: string) => sql`
    union select e.id from added_label a join manifest am on am.digest = a.digest
    join image e on ${sql.ref(column)} = am.id where ${isMeant}`
  return sql`${images('e.manifest_id')} ${images('e.child_id')}`
}

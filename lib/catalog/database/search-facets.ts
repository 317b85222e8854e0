import { type RawBuilder, sql } from 'kysely'
import { namespaceOf } from '../../oci/reference.ts'
import type { Store } from '../../store/store.ts'
import { ATTACHED } from './attached.ts'
import type { CatalogDatabase } from './catalog-database.ts'
import { findTags, fromImages, isAmong, matchingImages } from './find-tags.ts'
import { narrowRepositories } from './narrow-repositories.ts'
import { asksTagsAlone, queryCondition, tagCondition } from './query-condition.ts'
import type { KnownRepository } from './repository-index.ts'
import { type ResolvedSearch, resolveSearch } from './resolve-search.ts'
import { originalText } from './stored-text.ts'
import type { TagSearch } from './tag-search.ts'

/** Tags that are counted. Beyond this, counts are "at least" this many. */
const MOST_COUNTED = 10_000
/** Images from which all tags are counted: those that a term leaves, or all that there are. */
const MOST_IMAGES = 20_000
const FEW_IMAGES = 4_000
const DAY = 86_400_000
const MIB = 2 ** 20

export interface SearchFacets {
  readonly tags: number
  readonly repositories: number
  /** How many tags are found in each repository. */
  readonly byRepository: readonly (Pick<KnownRepository, 'registry' | 'name'> & { readonly tags: number })[]
  /** False: all counts are "at least", over the first tags by name. */
  readonly isComplete: boolean
  /** Each facet's values with the tags that have them, the most frequent first; ages and sizes in their order. A value is a term to add to the query. */
  readonly facets: Readonly<Record<FacetName, readonly FacetValue[]>>
}

export type FacetName = 'registry' | 'namespace' | 'platform' | 'type' | 'signature' | 'age' | 'size'

export interface FacetValue {
  readonly value: string
  /** The term that narrows the query to it: `repo:team-a/*`, `age:>=90d age:<180d`. Absent if no term can. */
  readonly term?: string
  readonly tags: number
}

/** Counts of the tags that a query finds, by facet. @throws StoreError */
export async function searchFacets(
  database: CatalogDatabase,
  search: Pick<TagSearch, 'query' | 'visibility' | 'now'>,
  signal?: AbortSignal,
  resolving: Promise<ResolvedSearch> = resolveSearch(database, search),
): Promise<SearchFacets> {
  const { store } = database
  const resolved = await resolving
  const { visible } = resolved
  const { found, isComplete } = await findGroups(store, { ...resolved, now: search.now }, signal)
  const { rows } = await sql<Row>`
    with ${found}
    select 'repository' as kind, repository_id, '' as name, 0 as signed, 0 as age, 0 as size, sum(tags) as tags
    from tagged group by repository_id
    union all
    select 'content', 0, type, signed, age, size, sum(tags) from tagged group by type, signed, age, size
    union all
    select 'platform', 0, p.name, 0, 0, 0, sum(tagged.tags)
    from shown join tagged on tagged.place = shown.place join platform p on p.id = shown.platform_id
    group by p.name`.execute(store.read)
  const byKind = Map.groupBy(rows, ({ kind }) => kind)
  const contents = byKind.get('content') ?? []
  const byRepository = (byKind.get('repository') ?? []).flatMap(({ repository_id: id, tags }) => {
    const repository = visible.byId.get(id)
    return repository ? [{ registry: repository.registry, name: repository.name, tags }] : []
  })
  return {
    tags: sumOf(contents),
    repositories: byRepository.length,
    byRepository,
    isComplete,
    facets: {
      registry: counts(
        byRepository,
        ({ registry }) => registry,
        (value) => `registry:${value}`,
      ),
      namespace: counts(
        byRepository,
        ({ name }) => namespaceOf(name),
        (value) => (value === '' ? 'repo:*' : `repo:${value}/*`),
      ),
      platform: counts(
        byKind.get('platform') ?? [],
        ({ name }) => originalText(name),
        (value) => `platform:${value}`,
      ),
      type: counts(
        contents,
        ({ name }) => name,
        (value) => `type:${value}`,
      ),
      signature: counts(
        contents,
        ({ signed }) => (signed < 0 ? 'unknown' : signed > 0 ? 'signed' : 'not signed'),
        (value) => ({ signed: 'has:signature', 'not signed': '-has:signature' })[value],
      ),
      age: inOrder(
        AGES,
        counts(
          contents,
          ({ age }) => AGES[age]?.name ?? 'unknown',
          (value) => AGES.find(({ name }) => name === value)?.term,
        ),
      ),
      size: inOrder(
        SIZES,
        counts(
          contents,
          ({ size }) => SIZES[size]?.name ?? 'unknown',
          (value) => SIZES.find(({ name }) => name === value)?.term,
        ),
      ),
    },
  }
}

/** A number of tags: of a repository, of a platform, or of those that look alike. */
interface Row {
  readonly kind: 'repository' | 'content' | 'platform'
  readonly repository_id: number
  /** Of the platform, or the type. */
  readonly name: string
  /** -1: unknown. Ages and sizes by their place among the ranges. */
  readonly signed: number
  readonly age: number
  readonly size: number
  readonly tags: number
}

const SIGNED = sql`case when t.attached is null then -1 when (t.attached & ${sql.lit(ATTACHED.signature)}) > 0 then 1 else 0 end`

/**
 * `shown`: the platforms that match, by place; `tagged`: how many tags are there. A place is a manifest, with all of its
 * tags in a repository counted as one, where they share what is asked; else a tag. All tags are counted where they can be
 * reached from few images; else the first by name, as looking at each tag takes too long.
 */
async function findGroups(
  store: Store,
  search: ResolvedSearch & Pick<TagSearch, 'now'>,
  signal: AbortSignal | undefined,
): Promise<{ readonly found: RawBuilder<unknown>; readonly isComplete: boolean }> {
  const { dialect } = store
  const { resolved, visible, estimate, now } = search
  const { tags, drive, atMost = Number.POSITIVE_INFINITY, total } = estimate
  const age = rangeOf(AGES, sql`${now} - t.created`, sql`t.created < 0`)
  const size = rangeOf(SIZES, sql`t.size`, sql`t.size < 0`)
  const byTag = (source: RawBuilder<unknown>) => sql`
    pairs as materialized (
      select t.id, t.repository_id, i.platform_id, m.type, ${SIGNED} as signed, ${age} as age, ${size} as size ${source}
    ),
    shown as (select distinct id as place, platform_id from pairs),
    tagged as materialized (
      select distinct id as place, repository_id, type, signed, age, size, 1 as tags from pairs
    )`
  if (!(tags || total <= FEW_IMAGES || (drive && atMost <= MOST_IMAGES))) {
    const { ids, next } = await findTags(store, {
      sort: 'repository',
      limit: MOST_COUNTED,
      now,
      resolved,
      visible,
      estimate,
      signal,
    })
    const condition = queryCondition(resolved, { dialect, now })
    const source = sql`from tag t join manifest m on m.id = t.manifest_id join image i on i.manifest_id = m.id
      where ${dialect.isOneOf(sql.ref('t.id'), ids)} and ${condition}`
    return { found: byTag(source), isComplete: next === undefined }
  }
  const among = isAmong(store, search, narrowRepositories(resolved, visible.list))
  if (tags || !asksTagsAlone(resolved))
    return { found: byTag(sql`${fromImages(store, search, estimate)} ${among}`), isComplete: true }
  const condition = queryCondition(resolved, { dialect, now, imagesOnly: true })
  return {
    isComplete: true,
    found: sql`
      shown as materialized (
        select distinct i.manifest_id as place, i.platform_id
        from ${matchingImages({ ...(drive && { drive }), condition })} join image i on i.id = matching.id
      ),
      tagged as materialized (
        select t.manifest_id as place, t.repository_id, ${SIGNED} as signed,
          min(m.type) as type, min(${age}) as age, min(${size}) as size, count(*) as tags
        from (select distinct place from shown) places
        join manifest m on m.id = places.place join tag t on t.manifest_id = m.id
        where ${tagCondition(resolved, { dialect, now })} ${among}
        group by t.manifest_id, t.repository_id, ${SIGNED}
      )`,
  }
}

/** The place of a value among ranges; -1 where it is unknown. */
function rangeOf(ranges: readonly NamedRange[], value: RawBuilder<unknown>, isUnknown: RawBuilder<unknown>) {
  const places = ranges.map(({ before }, place) =>
    before === Number.POSITIVE_INFINITY
      ? sql`else ${sql.lit(place)}`
      : sql`when ${value} < ${before} then ${sql.lit(place)}`,
  )
  return sql`case when ${isUnknown} then -1 ${sql.join(places, sql` `)} end`
}

function sumOf(rows: readonly { readonly tags: number }[]): number {
  return rows.reduce((sum, { tags }) => sum + tags, 0)
}

function counts<T extends { readonly tags: number }>(
  rows: readonly T[],
  named: (row: T) => string,
  termOf: (value: string) => string | undefined,
): FacetValue[] {
  return Array.from(Map.groupBy(rows, named), ([value, some]): FacetValue => {
    const term = termOf(value)
    return { value, ...(term !== undefined && { term }), tags: sumOf(some) }
  }).sort((a, b) => b.tags - a.tags || (a.value < b.value ? -1 : 1))
}

/** As the ranges follow each other; what is in none of them stands at the end. */
function inOrder(ranges: readonly NamedRange[], values: readonly FacetValue[]): readonly FacetValue[] {
  const place = ({ value }: FacetValue) => {
    const index = ranges.findIndex(({ name }) => name === value)
    return index < 0 ? ranges.length : index
  }
  return values.toSorted((a, b) => place(a) - place(b))
}

interface NamedRange {
  readonly name: string
  readonly before: number
  readonly term: string
}

/** Each up to the next. */
const AGES: readonly NamedRange[] = [
  { name: 'under 30 days', before: 30 * DAY, term: 'age:<30d' },
  { name: '30 to 90 days', before: 90 * DAY, term: 'age:>=30d age:<90d' },
  { name: '90 to 180 days', before: 180 * DAY, term: 'age:>=90d age:<180d' },
  { name: '180 days to 1 year', before: 365 * DAY, term: 'age:>=180d age:<1y' },
  { name: 'over 1 year', before: Number.POSITIVE_INFINITY, term: 'age:>=1y' },
]
const SIZES: readonly NamedRange[] = [
  { name: 'under 100 MiB', before: 100 * MIB, term: 'size:<100MiB' },
  { name: '100 MiB to 1 GiB', before: 1_024 * MIB, term: 'size:>=100MiB size:<1GiB' },
  { name: 'over 1 GiB', before: Number.POSITIVE_INFINITY, term: 'size:>=1GiB' },
]

import { sql } from 'kysely'
import type { Place } from '../../oci/place.ts'
import { versionKey } from '../../oci/version-key.ts'
import type { CatalogDatabase } from './catalog-database.ts'
import type { Visibility } from './visibility.ts'

/** A tag as it was at a time, and as it is now. */
export interface TagAsOf {
  readonly tag: string
  /** Digests; absent: the tag wasn't there. */
  readonly was?: string
  readonly now?: string
  /** It changed at an imprecisely known time, which may have been before or after. */
  readonly isUncertain: boolean
  /** The evidence for its target then; milliseconds since the epoch. */
  readonly known: { readonly how: 'change' | 'notification' | 'sync'; readonly at: number }
  /** How often it moved since, as far as that is known. */
  readonly moves: number
  /** Bytes, of the image then. */
  readonly size?: number
}

export interface TagsAsOf {
  /** Those that were there then, or are there now; in order of their versions, the highest first. */
  readonly tags: readonly TagAsOf[]
  /** Since when tags are recorded; before that nothing is known. */
  readonly recordedSince: number
}

interface Options {
  readonly visibility: Visibility
  readonly place: Place
  /** Milliseconds since the epoch. */
  readonly at: number
}

/** Undefined for a repository that isn't known, or may not be seen. @throws StoreError */
export async function tagsAsOf(
  { store, repositories }: CatalogDatabase,
  { visibility, place, at }: Options,
): Promise<TagsAsOf | undefined> {
  const own = (await repositories.visible(visibility)).at(place)
  if (!own) return undefined
  const { rows: repository } = await sql<{ first_seen: number }>`
    select first_seen from repository where id = ${own.id}`.execute(store.read)
  const edge = (side: 'last' | 'first') =>
    sql<Edge>`
    select e.tag, e.kind, e.at, e.since, e.how, ${store.dialect.digestText(sql.ref('f.digest'))} as "from", ${store.dialect.digestText(sql.ref('t.digest'))} as "to", f.size as from_size,
      t.size as to_size, e.events
    from (
      select tag, kind, at, since, how, from_manifest_id, to_manifest_id,
        row_number() over (partition by tag order by ${side === 'last' ? sql`at desc, id desc` : sql`at, id`}) as place,
        sum(case when kind = 'moved' then 1 else 0 end) over (partition by tag) as events
      from tag_event where repository_id = ${own.id} and ${side === 'last' ? sql`at <= ${at}` : sql`at > ${at}`}
    ) e
    left join manifest f on f.id = e.from_manifest_id
    left join manifest t on t.id = e.to_manifest_id
    where e.place = 1`.execute(store.read)
  const [before, after, current] = await Promise.all([
    edge('last'),
    edge('first'),
    sql<Sides['now'] & { name: string }>`
      select t.name, ${store.dialect.digestText(sql.ref('m.digest'))} as digest, m.size, t.first_seen, t.moved_at
      from tag t join manifest m on m.id = t.manifest_id
      where t.repository_id = ${own.id}`.execute(store.read),
  ])
  const tags = new Map<string, Partial<Sides>>()
  const sideOf = (tag: string) => {
    const known = tags.get(tag) ?? {}
    tags.set(tag, known)
    return known
  }
  for (const row of before.rows) sideOf(row.tag).before = row
  for (const row of after.rows) sideOf(row.tag).after = row
  for (const row of current.rows) sideOf(row.name).now = row
  const found = Array.from(tags, ([tag, sides]) => tagAsOf(tag, sides, at)).filter(
    (row) => row.was !== undefined || row.now !== undefined,
  )
  const keys = new Map(found.map(({ tag }) => [tag, versionKey(tag).key]))
  const keyOf = ({ tag }: TagAsOf) => keys.get(tag) ?? ''
  return {
    tags: found.sort((a, b) => (keyOf(a) < keyOf(b) ? 1 : keyOf(a) > keyOf(b) ? -1 : a.tag < b.tag ? -1 : 1)),
    recordedSince: repository[0]?.first_seen ?? 0,
  }
}

interface Edge {
  readonly tag: string
  readonly kind: 'seen' | 'appeared' | 'moved' | 'gone'
  readonly at: number
  readonly since: number | null
  readonly how: 'change' | 'notification' | 'sync'
  readonly from: string | null
  readonly to: string | null
  readonly from_size: number | null
  readonly to_size: number | null
  /** Moves on the same side of the time. */
  readonly events: number
}

interface Sides {
  before: Edge
  after: Edge
  now: {
    readonly digest: string
    readonly size: number | null
    readonly first_seen: number
    readonly moved_at: number
  }
}

function tagAsOf(tag: string, { before, after, now }: Partial<Sides>, at: number): TagAsOf {
  const past = stateAt({ before, after, now }, at)
  return {
    tag,
    ...(past.digest !== undefined && { was: past.digest }),
    ...(now && { now: now.digest }),
    // A change found by a later sync may have happened before that time; a tag found at the first look, long before.
    isUncertain: after !== undefined && (after.kind === 'seen' || (after.how === 'sync' && (after.since ?? 0) <= at)),
    known: past.known,
    moves: after?.events ?? 0,
    ...(past.size != null && { size: past.size }),
  }
}

interface State {
  readonly digest?: string
  readonly size?: number | null
  readonly known: TagAsOf['known']
}

function stateAt({ before, after, now }: Partial<Sides>, at: number): State {
  if (before)
    return before.kind === 'gone'
      ? { known: before }
      : { digest: before.to ?? undefined, size: before.to_size, known: before }
  // There is no earlier record: the first event afterwards says where it pointed.
  if (after) return after.from === null ? { known: after } : { digest: after.from, size: after.from_size, known: after }
  // It may have moved since then although no event says so: those are kept for a time only.
  const since = now ? Math.max(now.first_seen, now.moved_at) : at
  const seen = { how: 'sync', at: since } as const
  return now && since <= at ? { digest: now.digest, size: now.size, known: seen } : { known: seen }
}

import { sql } from 'kysely'
import { compileQuery, type ImageFacts } from '../../filter/evaluate-query.ts'
import type { Query } from '../../filter/query.ts'
import type { Place } from '../../oci/place.ts'
import type { RepositoryName } from '../../oci/reference.ts'
import type { Store } from '../../store/store.ts'
import type { CatalogDatabase } from './catalog-database.ts'
import { narrowRepositories } from './narrow-repositories.ts'
import type { KnownRepository, VisibleRepositories } from './repository-index.ts'
import { resolveQuery } from './resolve-query.ts'
import type { Visibility } from './visibility.ts'

export interface TagEventQuery {
  readonly visibility: Visibility
  /** Of one repository, or of one tag in it; without it, of everything that is visible. */
  readonly registry?: string
  readonly repository?: RepositoryName
  readonly tag?: string
  /** As it was typed and checked: `registry:`, `repo:`, `tag:`, `digest:`, `moved:` and names. Others find nothing. */
  readonly query?: Query
  readonly kinds?: readonly TagEvent['kind'][]
  readonly how?: TagEvent['how']
  /** `''`: the actor is unknown. */
  readonly actor?: string
  /** Only events recorded since then; milliseconds since the epoch. */
  readonly from?: number
  /** Where the page before ended, as its `next` says. */
  readonly after?: string
  readonly limit: number
}

export interface TagEvent extends Place {
  readonly tag: string
  /** `seen`: it existed when the repository was first read, for an unknown time. */
  readonly kind: 'seen' | 'appeared' | 'moved' | 'gone'
  readonly from?: string
  readonly to?: string
  /** Milliseconds since the epoch. Learnt by sync: it had happened by then. */
  readonly at: number
  /** Found by a sync: it hadn't happened yet at this time. Absent: there was no earlier sync. */
  readonly since?: number
  readonly how: 'change' | 'notification' | 'sync'
  /** Absent: not known. */
  readonly actor?: string
}

/** Events that a query is tried on for one page. More are left to the next page. */
const MOST_TRIED = 5_000
const AT_ONCE = 500

/**
 * The history of tags, newest first. A page may be short, or empty, although there is a next one. @throws StoreError
 */
export async function tagEvents(
  database: CatalogDatabase,
  query: TagEventQuery,
): Promise<{ readonly events: readonly TagEvent[]; readonly next?: string }> {
  const visible = await database.repositories.visible(query.visibility)
  const wanted = within(visible, query)
  const narrowed = query.query ? await narrow(database, query.query, wanted) : wanted
  if (narrowed.length === 0) return { events: [] }
  const isEverything = visible.isEverything && narrowed.length === visible.list.length
  const matches = query.query && compileQuery(query.query, Date.now())
  const events: TagEvent[] = []
  let after = query.after
  for (let tried = 0; tried < MOST_TRIED; tried += AT_ONCE) {
    const limit = matches ? AT_ONCE : query.limit - events.length
    const rows = await readRows(database.store, query, {
      after,
      limit: limit + 1,
      ids: isEverything ? undefined : narrowed,
    })
    for (const row of rows.slice(0, limit)) {
      if (events.length === query.limit) return { events, ...(after !== undefined && { next: after }) }
      after = `${row.at}.${row.id}`
      const repository = visible.byId.get(row.repository_id)
      const event = repository && eventOf(row, repository)
      if (event && (!matches || matches(factsOf(event)))) events.push(event)
    }
    if (rows.length <= limit) return { events }
    if (!matches) break
  }
  return { events, ...(after !== undefined && { next: after }) }
}

/** Visible repositories of the registry, or the one, that is asked about. */
function within(visible: VisibleRepositories, { registry, repository }: TagEventQuery): readonly KnownRepository[] {
  if (registry === undefined) return visible.list
  if (repository === undefined) return visible.of(registry).list
  const own = visible.at({ registry, repository })
  return own ? [own] : []
}

async function narrow(database: CatalogDatabase, query: Query, repositories: readonly KnownRepository[]) {
  return narrowRepositories((await resolveQuery(database, query, repositories)).query, repositories)
}

function factsOf({ registry, repository, tag, from, to, at }: TagEvent): ImageFacts {
  const digests = [from, to].flatMap((digest) => digest?.slice(digest.indexOf(':') + 1) ?? [])
  return { registry, repository, tag, digests, moved: at, has: {} }
}

interface RowRange {
  readonly after: string | undefined
  readonly limit: number
  readonly ids: readonly KnownRepository[] | undefined
}

async function readRows(
  { read, dialect }: Store,
  { tag, kinds, how, actor, from }: TagEventQuery,
  { after, limit, ids }: RowRange,
): Promise<readonly Row[]> {
  const [, at, id] = /^(\d{1,15})\.(\d{1,12})$/.exec(after ?? '') ?? []
  const conditions = [
    ids &&
      dialect.isOneOf(
        sql.ref('e.repository_id'),
        ids.map((known) => known.id),
      ),
    tag !== undefined && sql`e.tag = ${tag}`,
    kinds && dialect.isOneOfTexts(sql.ref('e.kind'), kinds),
    how !== undefined && sql`e.how = ${how}`,
    actor !== undefined && (actor === '' ? sql`e.actor is null` : sql`e.actor = ${actor}`),
    from !== undefined && sql`e.at >= ${from}`,
    at !== undefined && sql`(e.at, e.id) < (${Number(at)}, ${Number(id)})`,
  ].filter((condition) => typeof condition === 'object')
  const { rows } = await sql<Row>`
    select e.id, e.repository_id, e.tag, e.kind, e.at, e.since, e.how, e.actor,
      ${dialect.digestText(sql.ref('f.digest'))} as from_digest, ${dialect.digestText(sql.ref('o.digest'))} as to_digest
    from tag_event e
    left join manifest f on f.id = e.from_manifest_id
    left join manifest o on o.id = e.to_manifest_id
    where ${conditions.length > 0 ? sql.join(conditions, sql` and `) : sql`1 = 1`}
    order by e.at desc, e.id desc limit ${limit}`.execute(read)
  return rows
}

interface Row {
  readonly id: number
  readonly repository_id: number
  readonly tag: string
  readonly kind: TagEvent['kind']
  readonly at: number
  readonly since: number | null
  readonly how: TagEvent['how']
  readonly actor: string | null
  readonly from_digest: string | null
  readonly to_digest: string | null
}

function eventOf(row: Row, { registry, name }: { registry: string; name: RepositoryName }): TagEvent {
  return {
    registry,
    repository: name,
    tag: row.tag,
    kind: row.kind,
    ...(row.from_digest !== null && { from: row.from_digest }),
    ...(row.to_digest !== null && { to: row.to_digest }),
    at: row.at,
    ...(row.how === 'sync' && row.since !== null && { since: row.since }),
    how: row.how,
    ...(row.actor !== null && { actor: row.actor }),
  }
}

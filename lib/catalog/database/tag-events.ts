import { sql } from 'kysely'
import type { RepositoryName } from '../../oci/reference.ts'
import type { CatalogDatabase } from './catalog-database.ts'
import type { Visibility } from './visibility.ts'

export interface TagEventQuery {
  readonly visibility: Visibility
  /** Of one repository, or of one tag in it; without it, of everything that is visible. */
  readonly registry?: string
  readonly repository?: string
  readonly tag?: string
  /** Where the page before ended, as its `next` says. */
  readonly after?: string
  readonly limit: number
}

export interface TagEvent {
  readonly registry: string
  readonly repository: RepositoryName
  readonly tag: string
  /** `seen`: it was there when the repository was first looked at, since whenever. */
  readonly kind: 'seen' | 'appeared' | 'moved' | 'gone'
  readonly from?: string
  readonly to?: string
  /** Milliseconds since the epoch. Learnt by sync: it had happened by then. */
  readonly at: number
  readonly how: 'change' | 'notification' | 'sync'
  /** Absent: not known. */
  readonly actor?: string
}

/** What happened to tags, newest first. @throws StoreError */
export async function tagEvents(
  { store, repositories }: CatalogDatabase,
  query: TagEventQuery,
): Promise<{ readonly events: readonly TagEvent[]; readonly next?: string }> {
  const visible = await repositories.visible(query.visibility)
  const wanted = visible.list.filter(
    ({ registry, name }) =>
      (query.registry === undefined || registry === query.registry) &&
      (query.repository === undefined || name === query.repository),
  )
  if (wanted.length === 0) return { events: [] }
  const isEverything = visible.isEverything && wanted.length === visible.list.length
  const [, at, id] = /^(\d{1,15})\.(\d{1,12})$/.exec(query.after ?? '') ?? []
  const { rows } = await sql<Row>`
    select e.id, e.repository_id, e.tag, e.kind, e.at, e.how, e.actor, f.digest as from_digest, o.digest as to_digest
    from tag_event e
    left join manifest f on f.id = e.from_manifest_id
    left join manifest o on o.id = e.to_manifest_id
    where ${
      isEverything
        ? sql`1 = 1`
        : store.dialect.isOneOf(
            sql.ref('e.repository_id'),
            wanted.map((known) => known.id),
          )
    }
    ${query.tag === undefined ? sql`` : sql`and e.tag = ${query.tag}`}
    ${at === undefined ? sql`` : sql`and (e.at, e.id) < (${Number(at)}, ${Number(id)})`}
    order by e.at desc, e.id desc limit ${query.limit + 1}`.execute(store.read)
  const page = rows.slice(0, query.limit)
  const last = page.at(-1)
  return {
    events: page.flatMap((row) => {
      const repository = visible.byId.get(row.repository_id)
      return repository ? [eventOf(row, repository)] : []
    }),
    ...(rows.length > query.limit && last && { next: `${last.at}.${last.id}` }),
  }
}

interface Row {
  readonly id: number
  readonly repository_id: number
  readonly tag: string
  readonly kind: TagEvent['kind']
  readonly at: number
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
    how: row.how,
    ...(row.actor !== null && { actor: row.actor }),
  }
}

import { type Expression, type ExpressionBuilder, type SqlBool, sql } from 'kysely'
import type { Place } from '../oci/place.ts'
import { escapeLike } from './escape-like.ts'
import type { Store } from './store.ts'
import type { StoreDialect } from './store-dialect.ts'
import type { Tables } from './tables.ts'

/** Something that a change removed, as lists show it. */
export interface TrashedChange extends Place {
  readonly id: string
  /** RFC 3339. */
  readonly at: string
  readonly tags: readonly string[]
  readonly digest: string
  readonly what: 'deleted' | 'overwritten'
  readonly replacement?: string
  /** Absent: an anonymous visitor. */
  readonly by?: string
  readonly plan?: string
}

/** After these, something was deleted that can be restored. `finished`: deleted, as was found after an interruption. */
export const TAKEN_AWAY: readonly string[] = ['deleted', 'replaced-then-deleted', 'finished', 'overwritten']

/** Word for word as in the index of migration 0023. */
const isInTrash = sql<boolean>`
  restored_at is null and outcome in (${sql.join(TAKEN_AWAY.map((one) => sql.lit(one)))}) and length(document) > 0`

/** Repositories with something in the trash. @throws StoreError */
export async function trashPlaces({ read }: Store): Promise<readonly Place[]> {
  const places = read.selectFrom('change_entry').select(['registry', 'repository']).distinct()
  // Every time is greater: it leads SQLite to the index of the trash, where it would look at each row.
  return places.where(isInTrash).where('began', '>', '').execute()
}

interface OwnTrash {
  readonly registry: string
  /** As it is recorded. */
  readonly user: string
}

export interface TrashQuery {
  /** `registry/repository` of each. */
  readonly places: readonly string[]
  /** Also what one user took away from a registry, and nobody else. */
  readonly own?: OwnTrash
  /** Part of `registry/repository`, of a tag, of both as `repository:tag` or `repository@digest`, of a digest, or of who did it. */
  readonly text?: string
  readonly offset: number
  readonly limit: number
}

/** One page of what can be restored, newest first. @throws StoreError */
export async function readTrashPage(
  store: Store,
  { places, own, text, offset, limit }: TrashQuery,
): Promise<{ readonly items: readonly TrashedChange[]; readonly total: number }> {
  if (places.length === 0 && !own) return { items: [], total: 0 }
  const [rows, { total }] = await Promise.all([
    itemsOf(store, { places, own, text }).offset(offset).limit(limit).execute(),
    trashOf(store, { places, own, text })
      .select((eb) => eb.fn.countAll<number>().as('total'))
      .executeTakeFirstOrThrow(),
  ])
  return { items: rows.map(itemOf), total: Number(total) }
}

/** What was taken away in a time from some repositories, and can be restored; the newest first. @throws StoreError */
export async function trashBetween(
  store: Store,
  { places, from, to, limit }: { places: readonly string[]; from: number; to: number; limit: number },
): Promise<readonly TrashedChange[]> {
  if (places.length === 0) return []
  const rows = await itemsOf(store, { places })
    .where('began', '>=', new Date(from).toISOString())
    .where('began', '<=', new Date(to).toISOString())
    .limit(limit)
    .execute()
  return rows.map(itemOf)
}

type Wanted = Pick<TrashQuery, 'places' | 'own' | 'text'>

function trashOf({ read, dialect }: Store, { places, own, text = '' }: Wanted) {
  const isListed = dialect.isOneOfTexts(PATH, places)
  const trash = read
    .selectFrom('change_entry')
    .where(isInTrash)
    .where((eb) => (text === '' ? sql<SqlBool>`1 = 1` : hasText(eb, text, dialect)))
  if (!own) return trash.where(isListed)
  return trash.where((eb) => eb.or([isListed, eb.and([eb('registry', '=', own.registry), eb('actor', '=', own.user)])]))
}

const PATH = sql<string>`registry || '/' || repository`

function hasText(eb: ExpressionBuilder<Tables, 'change_entry'>, text: string, dialect: StoreDialect) {
  const field = (name: string) => sql<string>`coalesce(${dialect.jsonField(eb.ref('record'), name)}, '')`
  const has = (column: Expression<string>, part: string) => dialect.isLike(column, `%${escapeLike(part)}%`)
  const hasTag = (part: string) =>
    eb.or([has(field('tag'), part), has(field('tags'), part), has(eb.ref('took_along'), part)])
  const endsIn = (path: string) => dialect.isLike(PATH, `%${escapeLike(path)}`)
  const [path = '', hash] = text.split('@')
  if (hash !== undefined) return eb.and([endsIn(path), has(field('digest'), hash)])
  const [repository = '', tag] = text.split(':')
  if (tag !== undefined && !/^sha\d/.test(text)) return eb.and([endsIn(repository), hasTag(tag)])
  return eb.or([has(PATH, text), hasTag(text), has(field('digest'), text), has(sql`coalesce(actor, '')`, text)])
}

function itemsOf(store: Store, wanted: Wanted) {
  return trashOf(store, wanted)
    .select([
      'id',
      'began',
      'registry',
      'repository',
      'record',
      'took_along',
      'outcome',
      'replacement',
      'actor',
      'plan',
    ])
    .orderBy('began', 'desc')
    .orderBy('id', 'desc')
}

type Row = Awaited<ReturnType<ReturnType<typeof itemsOf>['execute']>>[number]

function itemOf({ id, began, registry, repository, outcome, replacement, actor, plan, ...row }: Row): TrashedChange {
  const { digest, tag, tags } = JSON.parse(row.record)
  return {
    id,
    at: began,
    registry,
    repository,
    tags: tags ?? [tag, ...JSON.parse(row.took_along)],
    digest,
    what: outcome === 'overwritten' ? 'overwritten' : 'deleted',
    ...(replacement !== null && { replacement }),
    ...(actor !== null && { by: actor }),
    ...(plan !== null && { plan }),
  }
}

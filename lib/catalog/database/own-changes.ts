import { type Kysely, type Selectable, sql } from 'kysely'
import type { Place } from '../../oci/place.ts'
import type { StoreDialect } from '../../store/store-dialect.ts'
import type { Tables } from '../../store/tables.ts'
import { TAKEN_AWAY } from '../../store/trash.ts'

/** A tag that no longer points where it did. */
export interface LostTarget {
  readonly tag: string
  readonly from: number
  /** Where it points now; absent for one that is gone. */
  readonly to?: string
  /** When it was first seen, and last seen there; milliseconds since the epoch. */
  readonly firstSeen: number
  readonly lastSeen: number
}

/** Milliseconds that one of Lading's own changes may have begun before a reading that still shows what it changes. */
export const LONGEST_CHANGE = 600_000

/**
 * Lading's own changes among what a sync, a page or a notification has found before they were recorded, as during a
 * plan: the journal names their authors.
 * @returns by tag; `null` for anonymous people
 */
export async function authorsOf(
  db: Kysely<Tables>,
  dialect: StoreDialect,
  { registry, repository }: Place,
  lost: readonly LostTarget[],
): Promise<ReadonlyMap<string, string | null>> {
  if (lost.length === 0) return new Map()
  const digests = await digestsOf(db, dialect, lost)
  const digest = sql<string>`${dialect.jsonField(sql.ref('record'), 'digest')}`
  const since =
    lost.reduce((least, { lastSeen }) => Math.min(least, lastSeen), Number.POSITIVE_INFINITY) - LONGEST_CHANGE
  const entries = await db
    .selectFrom('change_entry')
    .select(['began', 'record', 'stand_ins', 'took_along', 'replacement', 'actor'])
    .where('registry', '=', registry)
    .where('repository', '=', repository)
    .where('began', '>=', new Date(since).toISOString())
    .where('restored_at', 'is', null)
    .where((eb) => eb.or([eb('outcome', 'is', null), eb('outcome', 'in', TAKEN_AWAY)]))
    // Of a plan of thousands, those that are about these images, or left something in their place.
    .where((eb) => eb.or([dialect.isOneOfTexts(digest, [...digests.values()]), eb('stand_ins', '<>', '[]')]))
    .orderBy('began')
    .execute()
  if (entries.length === 0) return new Map()
  const byTag = Map.groupBy(
    entries.flatMap((entry) => tagsOf(entry).map((change) => ({ ...change, ...entry }))),
    ({ tag }) => tag,
  )
  const authors = new Map<string, string | null>()
  for (const one of lost) {
    const { tag, to, firstSeen } = one
    const from = digests.get(one.from)
    const change = byTag
      .get(tag)
      ?.findLast(
        ({ began, targets, results }) =>
          Date.parse(began) >= firstSeen &&
          from !== undefined &&
          targets.includes(from) &&
          (to === undefined ? results === undefined : (results ?? targets).includes(to)),
      )
    if (change) authors.set(tag, change.actor)
  }
  return authors
}

type Entry = Pick<Selectable<Tables['change_entry']>, 'record' | 'stand_ins' | 'took_along' | 'replacement'>

interface ChangedTag {
  readonly tag: string
  /** Digests that it is taken from: of a deletion also of what stood in for the image. */
  readonly targets: readonly string[]
  /** Of a tag that is moved: where to. */
  readonly results?: readonly string[]
}

function tagsOf({ record, stand_ins, took_along, replacement: found }: Entry): ChangedTag[] {
  const { digest, tag, tags, replacement } = JSON.parse(record)
  if (replacement !== undefined) return [{ tag, targets: [digest], results: [found, replacement].filter(Boolean) }]
  const targets = [digest, ...JSON.parse(stand_ins)]
  return [...(tags ?? [tag]), ...JSON.parse(took_along)].map((one) => ({ tag: one, targets }))
}

async function digestsOf(
  db: Kysely<Tables>,
  dialect: StoreDialect,
  lost: readonly LostTarget[],
): Promise<ReadonlyMap<number, string>> {
  const ids = [...new Set(lost.map(({ from }) => from))]
  const { rows } = await sql<{ id: number; digest: string }>`
    select id, ${dialect.digestText(sql.ref('digest'))} as digest from manifest
    where ${dialect.isOneOf(sql.ref('id'), ids)}`.execute(db)
  return new Map(rows.map(({ id, digest }) => [id, digest]))
}

import { type Kysely, sql, type Transaction } from 'kysely'
import type { Place } from '../../oci/place.ts'
import { commitAll } from '../../store/commit-together.ts'
import { distinctRows, insertMissing } from '../../store/insert-missing.ts'
import type { Store } from '../../store/store.ts'
import type { Cell, StoreDialect } from '../../store/store-dialect.ts'
import type { Tables } from '../../store/tables.ts'
import { transact } from '../../store/transact.ts'
import { authorsOf, type LostTarget } from './own-changes.ts'
import { repositoryIds } from './repository-ids.ts'
import {
  compare,
  EVENT,
  eventRow,
  isOvertaken,
  type KnownTag,
  type Learnt,
  type SeenManifest,
  type Source,
  TAG,
  type TagSighting,
  tagRow,
} from './tag-rows.ts'

/** What was seen of tags of one repository at once. */
export interface TagLook {
  readonly place: Place
  readonly sightings: readonly TagSighting[]
  readonly learnt: Learnt
}

/**
 * Records where tags point, with an event for each that appeared or moved, or was there when the repository was first
 * looked at. A repository is made known on the way. What comes meanwhile is written together.
 * @throws StoreError
 */
export async function recordTags(
  store: Store,
  place: Place,
  sightings: readonly TagSighting[],
  learnt: Learnt,
): Promise<void> {
  await commitAll(store, { dialect: store.dialect, place, sightings, learnt }, writeLooks)
}

async function writeLooks(
  db: Transaction<Tables>,
  looks: readonly (TagLook & { readonly dialect: StoreDialect })[],
): Promise<undefined> {
  const [first] = looks
  if (first) await recordLooks(db, first.dialect, looks)
}

/** Likewise, within a transaction of the caller's. */
export async function recordLooks(db: Kysely<Tables>, dialect: StoreDialect, looks: readonly TagLook[]): Promise<void> {
  // Two looks at one repository are recorded one after the other.
  for (let left = looks; left.length > 0; ) {
    const firsts = new Map([...left].reverse().map((look) => [nameOf(look.place), look]))
    await recordTogether(db, dialect, [...firsts.values()])
    left = left.filter((look) => firsts.get(nameOf(look.place)) !== look)
  }
  await sql`update catalog_state set version = version + 1`.execute(db)
}

/** @param looks at a repository each */
async function recordTogether(db: Kysely<Tables>, dialect: StoreDialect, looks: readonly TagLook[]): Promise<void> {
  const repositories = await repositoriesOf(db, dialect, looks)
  const seen = looks.map(({ place, sightings, learnt }) => ({
    ...(repositories.get(nameOf(place)) as KnownRepository),
    place,
    learnt,
    sightings: [...new Map(sightings.map((sighting) => [sighting.tag, sighting])).values()],
  }))
  const [known, manifests] = [await knownTags(db, dialect, seen), await manifestsOf(db, dialect, seen)]
  const rows = []
  const events = []
  for (const { id, place, generation, looked_at, sightings, learnt } of seen) {
    const found = sightings
      .map((sighting) => compare(sighting, known.get(`${id} ${sighting.tag}`), manifests))
      .filter(({ sighting, before }) => !isOvertaken(sighting.askedAt, before, Date.now()))
    const lost = found.flatMap(({ before, hasMoved, sighting }) =>
      before && hasMoved ? lostTargetOf(before, sighting.digest) : [],
    )
    const sourceOf = await sources(db, dialect, { place, lost, learnt })
    const context = { repository: id, generation, lookedAt: looked_at, at: learnt.at }
    for (const tag of found) {
      const source = sourceOf(tag.sighting.tag)
      rows.push(tagRow(tag, context, source))
      if (tag.manifest && (tag.hasMoved || tag.hasAppeared)) events.push(eventRow(tag, tag.manifest, context, source))
    }
  }
  await upsertTags(db, dialect, rows)
  await insertMissing(db, dialect, { table: 'tag_event', columns: EVENT, rows: events })
}

interface KnownRepository {
  readonly id: number
  readonly generation: number
  readonly looked_at: number | null
}

/**
 * By `nameOf`; those that aren't known are made so. On PostgreSQL they are locked in one order: the next to record the same
 * repository sees what was recorded, so that a change that two have noticed is one event.
 */
async function repositoriesOf(
  db: Kysely<Tables>,
  dialect: StoreDialect,
  looks: readonly Pick<TagLook, 'place' | 'learnt'>[],
): Promise<ReadonlyMap<string, KnownRepository>> {
  const read = async (some: typeof looks) => {
    const wanted = some.map(({ place: { registry, repository } }) => [registry, repository] as const)
    const { rows } = await sql<KnownRepository & { registry: string; name: string }>`
      select r.id, g.name as registry, r.name, r.generation, r.looked_at
      from ${dialect.rows('wanted', { registry: 'text', name: 'text' }, wanted)}
      join registry g on g.name = wanted.registry
      join repository r on r.registry_id = g.id and r.name = wanted.name and r.gone_at is null
      order by r.id ${dialect.name === 'postgres' ? sql`for no key update of r` : sql``}`.execute(db)
    return rows.map((row) => [nameOf({ registry: row.registry, repository: row.name }), row] as const)
  }
  const known = new Map(await read(looks))
  const unknown = looks.filter(({ place }) => !known.has(nameOf(place)))
  for (const { place, learnt } of unknown)
    await repositoryIds(db, dialect, place.registry, [place.repository], learnt.at)
  return unknown.length === 0 ? known : new Map([...known, ...(await read(unknown))])
}

function nameOf({ registry, repository }: { readonly registry: string; readonly repository: string }): string {
  return `${registry}/${repository}`
}

/**
 * Removes tags that are proven deleted: a complete list lacks them, and a GET answered 404.
 * @param askedAt before that GET: what was read since stays
 * @throws StoreError
 */
export async function recordGoneTags(
  store: Store,
  place: Place,
  tags: readonly string[],
  learnt: Learnt,
  askedAt?: number,
): Promise<void> {
  const { dialect } = store
  await transact(store, async (db) => {
    const repositories = await repositoriesOf(db, dialect, [{ place, learnt }])
    const { id: repository } = repositories.get(nameOf(place)) as KnownRepository
    const all = await knownTags(db, dialect, [{ id: repository, sightings: tags.map((tag) => ({ tag })) }])
    const known = [...all.values()].filter((row) => !isOvertaken(askedAt, row, Date.now()))
    const lost = known.flatMap((row) => lostTargetOf(row))
    const sourceOf = await sources(db, dialect, { place, lost, learnt })
    const rows = known.map((row) => [
      repository,
      row.name,
      'gone',
      row.manifest_id,
      null,
      learnt.at,
      ...sourceOf(row.name),
      row.checked_at,
    ])
    await insertMissing(db, dialect, { table: 'tag_event', columns: EVENT, rows })
    const ids = known.map(({ id }) => id)
    await sql`delete from tag where ${dialect.isOneOf(sql.ref('id'), ids)}`.execute(db)
    // An unchanged list isn't written: a tag that reappears has to be.
    await sql`update repository set list_hash = null where id = ${repository}`.execute(db)
    await sql`update catalog_state set version = version + 1`.execute(db)
  })
}

type SeenTag = Pick<KnownTag, 'name' | 'manifest_id' | 'first_seen' | 'checked_at'>

function lostTargetOf({ name, manifest_id: from, first_seen, checked_at }: SeenTag, to?: string): LostTarget[] {
  if (from === null) return []
  return [
    { tag: name, from, firstSeen: first_seen, lastSeen: checked_at ?? first_seen, ...(to !== undefined && { to }) },
  ]
}

interface LostTargets {
  readonly place: Place
  readonly lost: readonly LostTarget[]
  readonly learnt: Learnt
}

/** By tag, how its change became known, and who made it: a change of Lading's own is known as one, even if a sync finds it first. */
async function sources(db: Kysely<Tables>, dialect: StoreDialect, { place, lost, learnt }: LostTargets) {
  const { how, actor = null, authors: own } = learnt
  const others = lost.filter(({ tag }) => !own?.has(tag))
  const authors = how === 'change' && !own ? undefined : await authorsOf(db, dialect, place, others)
  return (tag: string): Source => {
    if (own?.has(tag)) return ['change', own.get(tag) ?? null]
    const author = authors?.get(tag)
    if (author !== undefined) return ['change', author]
    return own ? ['sync', null] : [how, actor]
  }
}

interface SeenTags {
  readonly id: number
  readonly sightings: readonly Pick<TagSighting, 'tag' | 'digest'>[]
}

/** By repository and name. */
async function knownTags(db: Kysely<Tables>, dialect: StoreDialect, seen: readonly SeenTags[]) {
  const wanted = seen.flatMap(({ id, sightings }) => sightings.map(({ tag }) => [id, tag] as const))
  const { rows } = await sql<KnownTag>`
    select tag.id, tag.repository_id, tag.name, manifest_id, first_seen, checked_at, moved_at, created, size, generation, known,
      error, attached, listed
    from ${dialect.rows('wanted', { repository_id: 'int', name: 'text' }, wanted)}
    join tag on tag.repository_id = wanted.repository_id and tag.name = wanted.name`.execute(db)
  return new Map(rows.map((row) => [`${row.repository_id} ${row.name}`, row]))
}

async function manifestsOf(db: Kysely<Tables>, dialect: StoreDialect, seen: readonly SeenTags[]) {
  const digests = [...new Set(seen.flatMap(({ sightings }) => sightings.flatMap(({ digest }) => digest ?? [])))]
  const { rows } = await sql<SeenManifest>`
    select manifest.id, ${dialect.digestText(sql.ref('manifest.digest'))} as digest, created, size, summary is not null as has_summary
    from ${dialect.rows(
      'wanted',
      { digest: 'digest' },
      digests.map((digest) => [digest]),
    )}
    join manifest on manifest.digest = wanted.digest`.execute(db)
  return new Map(rows.map((row) => [row.digest, row]))
}

async function upsertTags(db: Kysely<Tables>, dialect: StoreDialect, rows: readonly Cell[][]) {
  if (rows.length === 0) return
  const names = Object.keys(TAG).map((column) => sql.ref(column))
  const updates = Object.keys(TAG)
    .slice(2)
    .map((column) => sql`${sql.ref(column)} = excluded.${sql.ref(column)}`)
  await insertMissing(db, dialect, {
    table: 'tag_name',
    columns: { name: 'text' },
    rows: distinctRows(
      rows.map((row) => [row[1] ?? '']),
      1,
    ),
  })
  await sql`
    insert into tag (${sql.join(names)})
    select ${sql.join(names)} from ${dialect.rows('new', TAG, rows)} where true
    on conflict (repository_id, name) do update set ${sql.join(updates)}`.execute(db)
}

import { type Kysely, sql } from 'kysely'
import type { Place } from '../../oci/place.ts'
import type { Store } from '../../store/store.ts'
import type { Tables } from '../../store/tables.ts'
import type { RepositoryList, Seen } from '../catalog.ts'
import { repositoryIds } from './repository-ids.ts'
import type { SteadyClock } from './steady-clock.ts'
import { originalText, storedText } from './stored-text.ts'

/** `repository.listed`: how a repository came to be on the list of its registry. */
const LISTED = 1
const OPENED = 2

/** The lists of repositories, one for each registry. */
export class RepositoryLists {
  readonly #store: Store
  readonly #clock: SteadyClock
  /**
   * The last list of each registry, as an object that stays the same while the list does: callers derive namespaces and
   * orders from it, and keep those by its identity. It is as old as its version, which is read each time.
   */
  readonly #kept = new Map<string, { readonly version: number; readonly list: RepositoryList }>()

  constructor(store: Store, clock: SteadyClock) {
    this.#store = store
    this.#clock = clock
  }

  async read(registry: string): Promise<Seen<RepositoryList> | undefined> {
    const row = await registryRow(this.#store.read, registry)
    if (!row) return undefined
    const kept = this.#kept.get(registry)
    const list = kept?.version === row.list_version ? kept.list : await this.#load(row)
    if (row.listed_at === null && list.sorted.length === 0) return undefined
    this.#kept.set(registry, { version: row.list_version, list })
    const isOutdated = row.listed_at === null || row.is_outdated === 1
    return this.#clock.seen(list, row.listed_at ?? this.#clock.now(), isOutdated)
  }

  async record(registry: string, list: RepositoryList, isOutdated = false): Promise<void> {
    const { dialect, write } = this.#store
    const at = this.#clock.now()
    const before = await this.read(registry)
    const isSame = before !== undefined && sameNames(before.value.sorted, list.sorted)
    await write.transaction().execute(async (db) => {
      const added = isSame ? [] : missing(list.sorted, before?.value.sorted ?? [])
      // Makes the registry known too, where it has no repositories.
      const ids = await repositoryIds(db, dialect, registry, added, at)
      const row = await registryRow(db, registry)
      if (!row) throw new Error(`The registry ${registry} that was just written is gone`)
      await sql`
        update repository set listed = ${LISTED}
        where listed = 0 and ${dialect.isOneOf(sql.ref('id'), ids)}`.execute(db)
      // Those that were opened stay on a list that is only ever a part.
      const fallen = missing(before?.value.sorted ?? [], list.sorted)
      await sql`
        update repository set listed = 0
        where registry_id = ${row.id} ${list.partial === undefined ? sql`` : sql`and listed = ${LISTED}`}
          and ${dialect.isOneOfTexts(sql.ref('name'), fallen)}`.execute(db)
      const partial = list.partial === undefined ? null : storedText(list.partial)
      const hasChanged = row.listed_at === null || row.list_partial !== partial || added.length + fallen.length > 0
      await db
        .updateTable('registry')
        .set({
          listed_at: at,
          list_partial: partial,
          is_outdated: isOutdated ? 1 : 0,
          list_version: row.list_version + (hasChanged ? 1 : 0),
        })
        .where('id', '=', row.id)
        .execute()
    })
  }

  async add({ registry, repository }: Place): Promise<void> {
    const known = await this.#store.read
      .selectFrom('repository')
      .innerJoin('registry', 'registry.id', 'repository.registry_id')
      .select('repository.listed')
      .where('registry.name', '=', registry)
      .where('repository.name', '=', repository)
      .where('repository.gone_at', 'is', null)
      .executeTakeFirst()
    if (known && known.listed > 0) return
    await this.#store.write.transaction().execute(async (db) => {
      const [id] = await repositoryIds(db, this.#store.dialect, registry, [repository], this.#clock.now())
      await db
        .updateTable('repository')
        .set({ listed: OPENED })
        .where('id', '=', id as number)
        .execute()
      await db
        .updateTable('registry')
        .set(({ eb }) => ({ list_version: eb('list_version', '+', 1) }))
        .where('name', '=', registry)
        .execute()
    })
  }

  async outdate(registry: string): Promise<void> {
    await this.#store.write.updateTable('registry').set({ is_outdated: 1 }).where('name', '=', registry).execute()
  }

  async #load(row: NonNullable<RegistryRow>): Promise<RepositoryList> {
    const rows = await this.#store.read
      .selectFrom('repository')
      .select('name')
      .where('registry_id', '=', row.id)
      .where('listed', '>', 0)
      .orderBy('name')
      .execute()
    // Names are parsed before they are recorded.
    const sorted = rows.map(({ name }) => name)
    const partial = row.listed_at === null ? 'not listed yet' : row.list_partial
    return { sorted, ...(partial !== null && { partial: originalText(partial) }) }
  }
}

type RegistryRow = Awaited<ReturnType<typeof registryRow>>

function registryRow(db: Kysely<Tables>, registry: string) {
  return db.selectFrom('registry').selectAll().where('name', '=', registry).executeTakeFirst()
}

function sameNames(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((name, index) => name === b[index])
}

/** The items of one sorted list that another lacks. */
function missing<T extends string>(names: readonly T[], others: readonly string[]): T[] {
  const held = new Set(others)
  return names.filter((name) => !held.has(name))
}

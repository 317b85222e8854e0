import { sql } from 'kysely'
import type { Place } from '../../oci/place.ts'
import type { Store } from '../../store/store.ts'

/** Milliseconds between checks while anybody follows. */
const EVERY = 700
/** Transactions of other processes may become visible in another order than that of their rows. */
const OVERLAP = 200
const MOST = 1_000

/** Whether a tag of a repository has changed since then. @throws StoreError */
export async function hasChangedSince({ read }: Store, { registry, repository }: Place, at: number): Promise<boolean> {
  const { rows } = await sql`
    select 1 from tag_event e join repository r on r.id = e.repository_id join registry g on g.id = r.registry_id
    where g.name = ${registry} and r.name = ${repository} and e.at >= ${at} and e.kind <> 'seen' limit 1`.execute(read)
  return rows.length > 0
}

type Listener = (place: Place) => void

/**
 * Reports repositories in which a tag appeared, moved or was deleted, recorded by anyone: this process, another one on
 * the same folder, or another replica. Queries the database only while somebody follows.
 */
export class TagEventWatch {
  readonly #store: () => Promise<Store>
  readonly #listeners = new Set<Listener>()
  #last = 0
  #handled = new Set<number>()
  #timer: NodeJS.Timeout | undefined

  constructor(store: () => Promise<Store>) {
    this.#store = store
  }

  /** @returns a function that ends it */
  async follow(listener: Listener): Promise<() => void> {
    if (this.#listeners.size === 0) await this.#begin()
    this.#listeners.add(listener)
    this.#timer ??= setTimeout(() => void this.#look(), EVERY)
    return () => {
      this.#listeners.delete(listener)
      if (this.#listeners.size > 0) return
      clearTimeout(this.#timer)
      this.#timer = undefined
    }
  }

  async #begin(): Promise<void> {
    const { rows } = await sql<{ last: number | null }>`
      select max(id) as last from tag_event`.execute((await this.#store()).read)
    this.#last = Number(rows[0]?.last ?? 0)
    this.#handled = new Set((await this.#since(this.#last - OVERLAP)).map(({ id }) => id))
  }

  async #look(): Promise<void> {
    try {
      const rows = (await this.#since(this.#last - OVERLAP)).filter(({ id }) => !this.#handled.has(id))
      for (const { id } of rows) {
        this.#handled.add(id)
        this.#last = Math.max(this.#last, id)
      }
      for (const id of this.#handled) if (id <= this.#last - OVERLAP) this.#handled.delete(id)
      const places = new Map(
        rows.map(({ registry, repository }) => [`${registry}/${repository}`, { registry, repository }]),
      )
      for (const place of places.values()) for (const listener of this.#listeners) listener(place)
    } catch {
      // The database can't be reached: notices say so, and the next check may find it.
    }
    this.#timer = this.#listeners.size > 0 ? setTimeout(() => void this.#look(), EVERY) : undefined
  }

  async #since(id: number): Promise<readonly (Place & { id: number })[]> {
    const { rows } = await sql<Place & { id: number }>`
      select e.id, g.name as registry, r.name as repository from tag_event e
      join repository r on r.id = e.repository_id join registry g on g.id = r.registry_id
      where e.id > ${id} and e.kind <> 'seen' order by e.id limit ${MOST}`.execute((await this.#store()).read)
    return rows
  }
}

import { setTimeout as delay } from 'node:timers/promises'
import type pg from 'pg'
import type { Locks } from '../store.ts'

/** Milliseconds between two tries for a lock that another process holds. */
const RETRIED_AFTER = 25
/** Keeps the locks apart from others of the database. */
const PREFIX = 'lading '

/**
 * Advisory locks of one connection of its own. PostgreSQL frees them when that ends, as with its process. A connection
 * never waits for itself: within the process, work under the same name has to take turns first.
 */
export class SessionLocks implements Locks {
  readonly #pool: pg.Pool
  readonly #translate: (error: unknown) => unknown
  readonly #dropped = new WeakSet<pg.PoolClient>()
  #client: Promise<pg.PoolClient> | undefined
  /** A connection runs one statement at a time. */
  #last: Promise<unknown> = Promise.resolve()

  /** @param pool of one connection */
  constructor(pool: pg.Pool, translate: (error: unknown) => unknown) {
    this.#pool = pool
    this.#translate = translate
  }

  async hold(name: string, patience: number): Promise<(() => Promise<void>) | undefined> {
    const until = performance.now() + patience
    for (;;) {
      const client = await this.#connection()
      if (await this.#ask(client, 'pg_try_advisory_lock', name)) return () => this.#release(client, name)
      if (performance.now() >= until) return undefined
      await delay(RETRIED_AFTER)
    }
  }

  async close(): Promise<void> {
    const client = await this.#client?.catch(() => undefined)
    if (client) this.#drop(client)
    await this.#pool.end()
  }

  async #release(client: pg.PoolClient, name: string): Promise<void> {
    // A connection that was lost has taken its locks along.
    if (client === (await this.#client?.catch(() => undefined)))
      await this.#ask(client, 'pg_advisory_unlock', name).catch(() => {})
  }

  async #ask(client: pg.PoolClient, what: 'pg_try_advisory_lock' | 'pg_advisory_unlock', name: string) {
    const text = `select ${what}(hashtextextended($1, 0)) as done`
    const asked = this.#last.then(() => client.query<{ done: boolean }>(text, [PREFIX + name]))
    this.#last = asked.catch(() => {})
    try {
      const { rows } = await asked
      return rows[0]?.done === true
    } catch (error) {
      // In doubt it is ended: that frees whatever it holds.
      this.#drop(client)
      throw this.#translate(error)
    }
  }

  #connection(): Promise<pg.PoolClient> {
    if (this.#client) return this.#client
    const opened = this.#pool.connect().then(
      (client) => {
        client.on('error', () => this.#drop(client))
        return client
      },
      (error) => {
        this.#client = undefined
        throw this.#translate(error)
      },
    )
    this.#client = opened
    return opened
  }

  #drop(client: pg.PoolClient): void {
    if (this.#dropped.has(client)) return
    this.#dropped.add(client)
    this.#client = undefined
    client.release(true)
  }
}

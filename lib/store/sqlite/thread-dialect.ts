import {
  type CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  type QueryResult,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from 'kysely'
import type { SqliteThread } from './sqlite-thread.ts'

/** Kysely's SQLite over threads: a statement runs on one that is free, a transaction keeps its own. */
export function threadDialect(threads: readonly SqliteThread[]): Dialect {
  return {
    createAdapter: () => new SqliteAdapter(),
    createDriver: () => new ThreadDriver(threads),
    createIntrospector: (db) => new SqliteIntrospector(db),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  }
}

interface Waiter {
  resolve(connection: ThreadConnection): void
}

class ThreadDriver implements Driver {
  readonly #free: ThreadConnection[]
  readonly #waiting: Waiter[] = []

  constructor(threads: readonly SqliteThread[]) {
    this.#free = threads.map((thread) => new ThreadConnection(thread))
  }

  async init(): Promise<void> {}
  /** Threads are stopped by the code that started them. */
  async destroy(): Promise<void> {}

  acquireConnection({ signal }: { readonly signal?: AbortSignal | undefined } = {}): Promise<DatabaseConnection> {
    const connection = this.#free.pop()
    if (connection) return Promise.resolve(connection)
    return new Promise((resolve, reject) => {
      const waiter = { resolve }
      this.#waiting.push(waiter)
      // Nobody wants the answer any more: the statement is never started.
      signal?.addEventListener(
        'abort',
        () => {
          const index = this.#waiting.indexOf(waiter)
          if (index < 0) return
          this.#waiting.splice(index, 1)
          reject(signal.reason)
        },
        { once: true },
      )
    })
  }

  async releaseConnection(connection: DatabaseConnection): Promise<void> {
    if (!(connection instanceof ThreadConnection)) return
    const next = this.#waiting.shift()
    if (next) next.resolve(connection)
    else this.#free.push(connection)
  }

  async beginTransaction(connection: DatabaseConnection): Promise<void> {
    // At once a writer: one that became so later could find the database changed under it.
    await (connection as ThreadConnection).run('begin immediate')
  }
  async commitTransaction(connection: DatabaseConnection): Promise<void> {
    await (connection as ThreadConnection).run('commit')
  }
  async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    await (connection as ThreadConnection).run('rollback').catch((error) => {
      // SQLite has done it itself, for example when the disk is full: what the statement said is what matters.
      if (!/no transaction is active/.test(String(error))) throw error
    })
  }
}

class ThreadConnection implements DatabaseConnection {
  readonly #thread: SqliteThread

  constructor(thread: SqliteThread) {
    this.#thread = thread
  }

  run(sql: string) {
    return this.#thread.run({ sql, parameters: [] })
  }

  async executeQuery<Row>({ sql, parameters }: CompiledQuery): Promise<QueryResult<Row>> {
    const { rows, changes } = await this.#thread.run({ sql, parameters })
    return { rows: rows as Row[], numAffectedRows: BigInt(changes) }
  }

  // biome-ignore lint/correctness/useYield: long results are read in pages, the same way on both databases
  async *streamQuery<Row>(): AsyncIterableIterator<QueryResult<Row>> {
    throw new Error('Read long results in pages by key')
  }
}

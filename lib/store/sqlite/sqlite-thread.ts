import { Worker } from 'node:worker_threads'
import { StoreError, type StoreErrorCode } from '../store-error.ts'
import { WORKER_SOURCE } from './worker-source.ts'

export interface SqliteAnswer {
  readonly rows: readonly unknown[]
  /** Rows that were inserted, updated or deleted. */
  readonly changes: number
}

interface Pending {
  resolve(answer: SqliteAnswer): void
  reject(error: unknown): void
}

/** One connection in a thread of its own. Statements run one after another, in the order they were sent. */
export class SqliteThread {
  readonly #worker: Worker
  readonly #pending = new Map<number, Pending>()
  #serial = 0
  #failure: StoreError | undefined

  /** @param options.givesWay to other threads that want the processor, where the system can do that */
  constructor(
    file: string,
    { readOnly, givesWay = false }: { readonly readOnly: boolean; readonly givesWay?: boolean },
  ) {
    const pragmas = readOnly
      ? ['query_only = 1', 'temp_store = memory', 'cache_size = -16000', 'mmap_size = 268435456']
      : ['journal_mode = wal', 'synchronous = full', 'foreign_keys = 1', 'temp_store = memory', 'cache_size = -16000']
    this.#worker = new Worker(WORKER_SOURCE, {
      eval: true,
      // Flags of the main thread may not fit: `--input-type`, for one.
      execArgv: [],
      workerData: { file, readOnly, givesWay, timeout: 5_000, pragmas },
    })
    this.#worker.on('message', ({ id, error, ...answer }) => {
      const pending = this.#pending.get(id)
      this.#pending.delete(id)
      if (this.#pending.size === 0) this.#worker.unref()
      if (error) pending?.reject(sqliteError(error))
      else pending?.resolve(answer as SqliteAnswer)
    })
    this.#worker.on('error', (error) => this.#fail(error))
    this.#worker.on('exit', () => this.#fail(new Error('The thread has ended')))
    // After the listeners, which would keep the process alive.
    this.#worker.unref()
  }

  /** @throws StoreError */
  run(message: { sql: string; parameters: readonly unknown[] } | { script: string }): Promise<SqliteAnswer> {
    if (this.#failure) return Promise.reject(this.#failure)
    return new Promise((resolve, reject) => {
      const id = this.#serial++
      // Only a statement that is waited for keeps the process alive.
      if (this.#pending.size === 0) this.#worker.ref()
      this.#pending.set(id, { resolve, reject })
      this.#worker.postMessage({ id, ...message })
    })
  }

  async close(): Promise<void> {
    const ended = new Promise((resolve) => this.#worker.once('exit', resolve))
    this.#worker.ref()
    this.#worker.postMessage('close')
    await ended
  }

  #fail(cause: Error): void {
    this.#failure ??= new StoreError('unreachable', `The database thread has stopped: ${cause.message}`, { cause })
    for (const { reject } of this.#pending.values()) reject(this.#failure)
    this.#pending.clear()
  }
}

/** Primary result codes of SQLite (sqlite.org/rescode.html). */
const CODES: ReadonlyMap<number, StoreErrorCode> = new Map([
  [5, 'locked'],
  [6, 'locked'],
  [8, 'read-only'],
  [10, 'unreachable'],
  [11, 'damaged'],
  [13, 'full'],
  [14, 'unreachable'],
  [26, 'damaged'],
])

function sqliteError({ message, errcode }: { message: string; errcode: number }): StoreError {
  return new StoreError(CODES.get(errcode & 0xff) ?? 'failed', message)
}

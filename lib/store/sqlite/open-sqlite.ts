import { mkdir, open, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { Kysely, sql } from 'kysely'
import { fencedDialect } from '../leases/fenced-dialect.ts'
import { migrate } from '../migrate.ts'
import type { Store } from '../store.ts'
import { StoreError } from '../store-error.ts'
import type { Tables } from '../tables.ts'
import { sqliteStoreDialect } from './sqlite-store-dialect.ts'
import { SqliteThread } from './sqlite-thread.ts'
import { threadDialect } from './thread-dialect.ts'

/** Threads that read for pages. One more reads for reports. */
const READERS = 2
/** Nobody else writes while a transaction lasts. */
const LEASE_CHECK = 'select 1 from lease where name = ? and fence = ?'

/** Opens a database file in WAL mode, created with its folder where it is missing. @throws StoreError */
export async function openSqlite(file: string): Promise<Store> {
  await makeFile(file)
  const writer = new SqliteThread(file, { readOnly: false })
  const threads = [writer]
  const close = async () => {
    await Promise.all(threads.map((thread) => thread.close()))
  }
  try {
    const write = new Kysely<Tables>({ dialect: fencedDialect(threadDialect([writer]), LEASE_CHECK) })
    await migrate({
      name: 'sqlite',
      async version() {
        const { rows } = await sql<{ user_version: number }>`pragma user_version`.execute(write)
        return rows[0]?.user_version ?? 0
      },
      async apply(version, statements) {
        await write.transaction().execute(async (transaction) => {
          const { rows } = await sql<{ user_version: number }>`pragma user_version`.execute(transaction)
          // Another process has been here in between.
          if ((rows[0]?.user_version ?? 0) >= version) return
          await writer.run({ script: `${statements};\npragma user_version = ${version}` })
        })
      },
    })
    // Only now: the file exists, and is in WAL mode.
    const readers = Array.from({ length: READERS }, () => new SqliteThread(file, { readOnly: true }))
    const reportReader = new SqliteThread(file, { readOnly: true, givesWay: true })
    threads.push(...readers, reportReader)
    return {
      write,
      read: new Kysely<Tables>({ dialect: threadDialect(readers) }),
      readAll: new Kysely<Tables>({ dialect: threadDialect([reportReader]) }),
      dialect: sqliteStoreDialect,
      reportReaders: 1,
      location: file,
      size: () => sizeOf(file),
      close,
    }
  } catch (error) {
    await close()
    throw error
  }
}

/** SQLite would create the file for everyone to read; what it creates beside it has the same mode. */
async function makeFile(file: string): Promise<void> {
  try {
    await mkdir(dirname(file), { recursive: true, mode: 0o700 })
    await (await open(file, 'a', 0o600)).close()
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? cause.code : undefined
    const kind = code === 'ENOSPC' ? 'full' : code === 'EROFS' || code === 'EACCES' ? 'read-only' : 'unreachable'
    throw new StoreError(kind, `${file} can’t be created or written`, { cause })
  }
}

async function sizeOf(file: string): Promise<number> {
  const files = [file, `${file}-wal`].map((name) =>
    stat(/*turbopackIgnore: true*/ name).then(
      ({ size }) => size,
      () => 0,
    ),
  )
  return (await Promise.all(files)).reduce((sum, size) => sum + size, 0)
}

import { Kysely, PostgresDialect, sql } from 'kysely'
import pg from 'pg'
import { fencedDialect } from '../leases/fenced-dialect.ts'
import { migrate } from '../migrate.ts'
import type { Store } from '../store.ts'
import { StoreError, type StoreErrorCode } from '../store-error.ts'
import type { Tables } from '../tables.ts'
import { postgresStoreDialect } from './postgres-store-dialect.ts'
import { SessionLocks } from './session-locks.ts'

/** Apart, as a transaction may read outside of itself: with one pool, as many of them would wait for ever. */
const WRITERS = 5
const READERS = 6
/** Milliseconds. A page would not wait longer, and a report is read in parts. */
const LONGEST_STATEMENT = 30_000
const LONGEST_CONNECT = 5_000
/**
 * The server ends a statement sooner: after this it has gone without closing its connections, as behind a cut cable or
 * a failed host.
 */
const LONGEST_SILENCE = LONGEST_STATEMENT + 5_000
/** Many statements, sent as one. */
const LONGEST_MIGRATION = 3_600_000
/** A process that was stopped in the middle of a transaction must not hold up the one that takes over. */
const LONGEST_PAUSE = 5_000
/** Held until the transaction ends. */
const LEASE_CHECK = 'select 1 from lease where name = $1 and fence = $2 for key share'
/** Any number: one process migrates at a time. */
const MIGRATION_LOCK = 0x1ad1_9600

/** Numbers as numbers: none of our columns exceeds what JavaScript holds exactly. */
const types: pg.CustomTypesConfig = {
  getTypeParser: ((oid: number, format?: 'text' | 'binary') =>
    oid === pg.types.builtins.INT8 || oid === pg.types.builtins.NUMERIC
      ? Number
      : pg.types.getTypeParser(oid, format)) as typeof pg.types.getTypeParser,
}

/** Connects to a PostgreSQL database that exists. It reconnects automatically after a restart. @throws StoreError */
export async function openPostgres(url: string): Promise<Store> {
  const pool = createPool(url, WRITERS)
  const db = new Kysely<Tables>({ dialect: fencedDialect(dialectOver(pool), LEASE_CHECK) })
  const read = new Kysely<Tables>({ dialect: dialectOver(createPool(url, READERS)) })
  const locks = new SessionLocks(createPool(url, 1), postgresError)
  const close = async () => {
    await Promise.all([db.destroy(), read.destroy(), locks.close()])
  }
  try {
    await migrate({
      name: 'postgres',
      async version() {
        return db.transaction().execute(async (transaction) => {
          // `if not exists` is no protection against two that create the table at the same time.
          await sql`select pg_advisory_xact_lock(${MIGRATION_LOCK})`.execute(transaction)
          await sql`create table if not exists schema_version (version int not null)`.execute(transaction)
          const { rows } = await sql<{ version: number }>`
            select max(version) as version from schema_version`.execute(transaction)
          return rows[0]?.version ?? 0
        })
      },
      async apply(version, statements) {
        const client = await pool.connect()
        try {
          await client.query('begin')
          await client.query('select pg_advisory_xact_lock($1)', [MIGRATION_LOCK])
          const { rows } = await client.query('select max(version) as version from schema_version')
          if ((rows[0]?.version ?? 0) < version) {
            await client.query({ text: statements, query_timeout: LONGEST_MIGRATION } as pg.QueryConfig)
            await client.query('insert into schema_version values ($1)', [version])
          }
          await client.query('commit')
        } catch (error) {
          await client.query('rollback').catch(() => {})
          throw postgresError(error)
        } finally {
          client.release()
        }
      },
    })
  } catch (error) {
    await close()
    throw error
  }
  return {
    write: db,
    read,
    readAll: read,
    dialect: postgresStoreDialect,
    locks,
    reportReaders: READERS / 3,
    location: withoutPassword(url),
    async size() {
      const { rows } = await sql<{ size: number }>`select pg_database_size(current_database()) as size`.execute(db)
      return rows[0]?.size ?? 0
    },
    close,
  }
}

function createPool(url: string, max: number): pg.Pool {
  const pool = new pg.Pool({
    connectionString: url,
    max,
    connectionTimeoutMillis: LONGEST_CONNECT,
    statement_timeout: LONGEST_STATEMENT,
    query_timeout: LONGEST_SILENCE,
    idle_in_transaction_session_timeout: LONGEST_PAUSE,
    application_name: 'lading',
    // Compiling a plan takes longer than any of ours runs.
    options: '-c jit=off',
    types,
  })
  // A connection that breaks while idle: the next statement gets another.
  pool.on('error', () => {})
  return pool
}

function dialectOver(pool: pg.Pool): PostgresDialect {
  return new PostgresDialect({ pool: withStoreErrors(pool) })
}

/** The pool as Kysely uses it, with errors that say what kind they are. A lost connection isn't used again. */
function withStoreErrors(pool: pg.Pool): pg.Pool {
  const translated = async <T>(promise: Promise<T>): Promise<T> => {
    try {
      return await promise
    } catch (error) {
      throw postgresError(error)
    }
  }
  return {
    options: pool.options,
    end: () => pool.end(),
    async connect() {
      const client = await translated(pool.connect())
      let lost: StoreError | undefined
      // What it is doing fails, too; without a listener the process would end.
      const fail = (error: unknown) => {
        lost = postgresError(error) as StoreError
      }
      client.on('error', fail)
      const query = async (...parameters: Parameters<typeof client.query>) => {
        // A transaction that failed is rolled back: that must not wait for the lost connection, too.
        if (lost) throw lost
        try {
          return await translated(Promise.resolve(client.query(...parameters)))
        } catch (error) {
          if (error instanceof StoreError && error.code === 'unreachable') lost = error
          throw error
        }
      }
      const release = () => {
        client.release(lost)
        client.off('error', fail)
      }
      return new Proxy(client, {
        get(target, property) {
          if (property === 'query') return query
          if (property === 'release') return release
          const value = Reflect.get(target, property, target)
          return typeof value === 'function' ? value.bind(target) : value
        },
      })
    },
  } as unknown as pg.Pool
}

/** SQLSTATE by class or code (postgresql.org/docs/current/errcodes-appendix.html), and errors of the connection. */
const STATES: readonly (readonly [RegExp, StoreErrorCode])[] = [
  [/^(?:08|57P0[123])|^(?:ECONN|ENOTFOUND|EPIPE|ETIMEDOUT|EHOSTUNREACH)/, 'unreachable'],
  [/^(?:28|3D)/, 'unreachable'],
  [/^(?:53100|53200|53400)$/, 'full'],
  [/^(?:53300|55P03|40001|40P01|57014)$/, 'locked'],
  [/^25006$|^42501$/, 'read-only'],
  [/^XX00[12]$/, 'damaged'],
]

function postgresError(error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof StoreError) return error
  const state = 'code' in error ? String(error.code) : ''
  const known = STATES.find(([pattern]) => pattern.test(state))?.[1]
  // What pg says without a code: "Connection terminated", "timeout exceeded when trying to connect".
  const code = known ?? (state === '' ? 'unreachable' : 'failed')
  return new StoreError(code, error.message || state, { cause: error })
}

function withoutPassword(url: string): string {
  try {
    const parsed = new URL(url)
    parsed.password = ''
    return parsed.href
  } catch {
    return 'PostgreSQL'
  }
}

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe } from 'vitest'
import { type PostgresServer, startPostgres } from '../../testing/servers/postgres.ts'
import type { StoreLocation } from '../open-store.ts'

export interface TestDatabases {
  readonly kind: StoreLocation['kind']
  /** A new, empty database of the kind. */
  create(): Promise<StoreLocation>
  /** The server, where there is one. */
  server(): PostgresServer
}

/** Runs one suite on SQLite and on a real PostgreSQL server. */
export function describeEachDatabase(title: string, suite: (databases: TestDatabases) => void): void {
  describe(`${title} on SQLite`, () => {
    let folder: string
    let serial = 0
    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'lading-store-'))
    })
    afterAll(() => rm(folder, { recursive: true, force: true }))
    suite({
      kind: 'sqlite',
      create: async () => ({ kind: 'sqlite', file: join(folder, `${++serial}`, 'lading.db') }),
      server: () => {
        throw new Error('SQLite has no server')
      },
    })
  })
  describe(`${title} on PostgreSQL`, () => {
    let server: PostgresServer | undefined
    beforeAll(async () => {
      server = await startPostgres()
    })
    afterAll(() => server?.stop())
    const running = () => {
      if (!server) throw new Error('PostgreSQL has not started')
      return server
    }
    suite({
      kind: 'postgres',
      create: async () => ({ kind: 'postgres', url: await running().createDatabase() }),
      server: running,
    })
  })
}

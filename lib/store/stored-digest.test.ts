import { readdirSync, readFileSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { sql } from 'kysely'
import pg from 'pg'
import { expect, it } from 'vitest'
import { insertMissing } from './insert-missing.ts'
import { openStore, type StoreLocation } from './open-store.ts'
import { storedDigestRange } from './stored-digest.ts'
import { describeEachDatabase } from './testing/each-database.ts'

const SHA256 = `sha256:${'57c0d71d'.repeat(8)}`
const SHA512 = `sha512:${'0a1b2c3d'.repeat(16)}`
const OTHER = 'blake3:57c0d71d'
const DIGESTS = [SHA256, SHA512, OTHER]

describeEachDatabase('stored digests', (databases) => {
  it('are written and found as text, whatever the algorithm', async () => {
    const store = await openStore(await databases.create())
    try {
      const { dialect, read, write } = store
      const columns = { digest: 'digest', size: 'bigint' } as const
      const rows = DIGESTS.map((digest, size) => [digest, size])
      expect(await insertMissing(write, dialect, { table: 'blob', columns, rows })).toBe(3)
      expect(await insertMissing(write, dialect, { table: 'blob', columns, rows })).toBe(0)
      const digest = sql.ref<Uint8Array>('digest')
      const found = await read
        .selectFrom('blob')
        .select(dialect.digestText(digest).as('digest'))
        .where(dialect.isOneOfDigests(digest, [SHA512, OTHER]))
        .orderBy('size')
        .execute()
      expect(found.map((row) => row.digest)).toEqual([SHA512, OTHER])
    } finally {
      await store.close()
    }
  })

  it('are found by how they begin, up to the last digit', async () => {
    const store = await openStore(await databases.create())
    try {
      const rows = [[SHA256], [SHA512]]
      await insertMissing(store.write, store.dialect, {
        table: 'blob',
        columns: { digest: 'digest', size: 'bigint' },
        rows: rows.map(([digest]) => [digest as string, 1]),
      })
      const begins = async (hex: string) => {
        const [from, to] = storedDigestRange(hex)
        const { rows } = await sql<{ digest: string }>`
          select ${store.dialect.digestText(sql.ref('digest'))} as digest from blob
          where digest >= ${from} and digest < ${to}`.execute(store.read)
        return rows.map(({ digest }) => digest)
      }
      for (const length of [6, 7, 63, 64])
        expect(await begins(SHA256.slice(7, 7 + length)), `${length}`).toEqual([SHA256])
      expect(await begins('0a1b2')).toEqual([SHA512])
      expect(await begins(SHA512.slice(7))).toEqual([SHA512])
      for (const other of ['57c0d72', '57c0d70', '57c0d', 'ffffff'])
        expect(await begins(other)).toEqual(other === '57c0d' ? [SHA256] : [])
    } finally {
      await store.close()
    }
  })

  it('stay what they were when a database from before is opened', async () => {
    const location = await databases.create()
    await before(location, [
      "insert into registry (id, name) values (1, 'hub')",
      "insert into repository (id, registry_id, name, first_seen, last_seen) values (1, 1, 'app', 1, 1)",
      ...DIGESTS.flatMap((digest, at) => [
        `insert into manifest (digest, media_type, type, bytes, config_digest) values ('${digest}', 'x', 'image', ${at}, '${SHA256}')`,
        `insert into blob (id, digest, size) values (${at + 1}, '${digest}', ${at})`,
        `insert into added_label (id, repository_id, digest, key, value, media_type, source, created_by, created_at)
         values ('${at}', 1, '${digest}', 'team', 'quay', 'text/plain', 'ui', 'ada', ${at})`,
        `insert into manifest_blob (manifest_id, position, blob_id)
         select id, 0, ${at + 1} from manifest where digest = '${digest}'`,
      ]),
    ])
    const store = await openStore(location)
    try {
      for (const [table, order] of [
        ['manifest', 'bytes'],
        ['blob', 'size'],
        ['added_label', 'created_at'],
      ] as const) {
        const { rows } = await sql<{ digest: string }>`
          select ${store.dialect.digestText(sql.ref('digest'))} as digest from ${sql.table(table)}
          where ${store.dialect.isOneOfDigests(sql.ref('digest'), DIGESTS)}
          order by ${sql.ref(order)}`.execute(store.read)
        expect(
          rows.map(({ digest }) => digest),
          table,
        ).toEqual(DIGESTS)
      }
      const { rows } = await sql<{ uses: number }>`
        select count(*) as uses from manifest_blob mb join manifest m on m.id = mb.manifest_id
        join blob b on b.id = mb.blob_id and b.digest = m.digest`.execute(store.read)
      expect(rows[0]?.uses).toBe(DIGESTS.length)
    } finally {
      await store.close()
    }
  })
})

/** A database as the version before stored digests left it, with some rows. */
async function before(location: StoreLocation, rows: readonly string[]): Promise<void> {
  const folder = join(import.meta.dirname, 'migrations', location.kind)
  const files = readdirSync(folder).sort()
  const version = files.findIndex((name) => name.endsWith('-stored-digests.sql'))
  const statements = [...files.slice(0, version).map((name) => readFileSync(join(folder, name), 'utf8')), ...rows]
  if (location.kind === 'sqlite') {
    await mkdir(dirname(location.file), { recursive: true })
    const database = new DatabaseSync(location.file)
    for (const each of [...statements, `pragma user_version = ${version}`]) database.exec(each)
    database.close()
    return
  }
  const client = new pg.Client({ connectionString: location.url })
  await client.connect()
  statements.push(
    'create table schema_version (version int not null)',
    `insert into schema_version values (${version})`,
  )
  for (const each of statements) await client.query(each)
  await client.end()
}

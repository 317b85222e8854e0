import { mkdir, readdir, readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import pg from 'pg'
import type { StoreLocation } from '../open-store.ts'

/** Fills an empty database as an older Lading left it: the tables of that version, and what `statements` write. */
export async function fillOldDatabase(location: StoreLocation, version: number, statements: string): Promise<void> {
  const folder = join(import.meta.dirname, '..', 'migrations', location.kind)
  const files = (await readdir(folder)).sort().slice(0, version)
  const migrations = await Promise.all(files.map((name) => readFile(join(folder, name), 'utf8')))
  if (location.kind === 'sqlite') {
    await mkdir(dirname(location.file), { recursive: true })
    const database = new DatabaseSync(location.file)
    database.exec([...migrations, statements, `pragma user_version = ${version}`].join(';\n'))
    database.close()
    return
  }
  const client = new pg.Client({ connectionString: location.url })
  await client.connect()
  const setVersion = `create table schema_version (version int not null); insert into schema_version values (${version})`
  await client.query([...migrations, statements, setVersion].join(';\n'))
  await client.end()
}

import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { StoreError } from './store-error.ts'

/** What `migrate` needs of a database. */
export interface Migratable {
  readonly name: 'sqlite' | 'postgres'
  /** The version of the tables, 0 for an empty database. */
  version(): Promise<number>
  /** Runs the statements and sets the version, both or neither; skips what another process has done meanwhile. */
  apply(version: number, statements: string): Promise<void>
}

/**
 * Brings the tables up to date: the files of `migrations/<database>`, numbered from 0001, each in a transaction. Files
 * that were released are never changed.
 * @throws StoreError `newer` when a newer Lading has been here
 */
export async function migrate(database: Migratable, folder = migrationsFolder(database.name)): Promise<void> {
  const files = await migrationFiles(folder)
  if (files.some((name, at) => Number(name.slice(0, 4)) !== at + 1))
    throw new Error(`The migrations in ${folder} aren’t numbered one by one: ${files.join(', ')}`)
  const version = await database.version()
  if (version > files.length)
    throw new StoreError(
      'newer',
      `The database has version ${version}, and this Lading knows versions up to ${files.length}`,
    )
  for (let next = version; next < files.length; next++)
    await database.apply(next + 1, await readFile(join(folder, files[next] as string), 'utf8'))
}

/** The version that this Lading brings a database to. */
export async function newestVersion(name: Migratable['name']): Promise<number> {
  return (await migrationFiles(migrationsFolder(name))).length
}

async function migrationFiles(folder: string): Promise<string[]> {
  return (await readdir(folder)).filter((name) => /^\d{4}-.*\.sql$/.test(name)).sort()
}

/** Beside the sources, which are there when the server runs: `npm start` and the standalone build keep them. */
function migrationsFolder(name: string): string {
  return join(/*turbopackIgnore: true*/ process.cwd(), 'lib', 'store', 'migrations', name)
}

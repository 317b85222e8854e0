import { basename, resolve } from 'node:path'
import { loadConfig } from '../config/config.ts'
import { ConfigError } from '../config/config-error.ts'
import { usersFilePath } from '../config/users-file.ts'
import { backUpSqlite } from '../store/sqlite/backup-sqlite.ts'
import { StoreError } from '../store/store-error.ts'

/** `npm run backup [folder]`: saves the database, the secret that signs sessions and the users, while Lading runs. */
async function save(folder: string): Promise<string> {
  const config = loadConfig()
  if (config.databaseUrl)
    throw new ConfigError('DATABASE_URL', 'the data is in PostgreSQL: save it with pg_dump, as the README says')
  const files = [basename(config.authSecretFile), basename(usersFilePath(config.dataDir))]
  const { version, bytes } = await backUpSqlite(config.dataDir, files, folder)
  return `Saved ${config.dataDir} to ${folder}: ${Math.ceil(bytes / 1024 / 1024)} MiB, version ${version}, checked. It contains secrets.`
}

try {
  const time = new Date().toISOString().slice(0, 19).replace(/[T:]/g, '-')
  console.log(await save(resolve(process.argv[2] ?? `lading-backup-${time}`)))
} catch (error) {
  if (!(error instanceof Error)) throw error
  if (!(error instanceof ConfigError || error instanceof StoreError)) console.error(error)
  console.error(`Nothing was saved. ${error.message}`)
  process.exitCode = 1
}

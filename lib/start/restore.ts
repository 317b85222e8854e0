import { resolve } from 'node:path'
import { loadConfig } from '../config/config.ts'
import { ConfigError } from '../config/config-error.ts'
import { newestVersion } from '../store/migrate.ts'
import { restoreSqlite } from '../store/sqlite/backup-sqlite.ts'
import { StoreError } from '../store/store-error.ts'

/** `npm run restore <folder>`: puts back what `npm run backup` has saved, while Lading is stopped. */
async function restore(folder: string | undefined): Promise<string> {
  const config = loadConfig()
  if (config.databaseUrl)
    throw new ConfigError('DATABASE_URL', 'the data is in PostgreSQL: restore it with pg_restore, as the README says')
  if (!folder) throw new ConfigError('restore', 'expected the folder of a backup, for example npm run restore backup')
  const { version } = await restoreSqlite(resolve(folder), config.dataDir, await newestVersion('sqlite'))
  return `Restored ${folder} (version ${version}) to ${config.dataDir}. What was there before ends in .before-restore. Plans that were running are paused.`
}

try {
  console.log(await restore(process.argv[2]))
} catch (error) {
  if (!(error instanceof Error)) throw error
  if (!(error instanceof ConfigError || error instanceof StoreError)) console.error(error)
  console.error(`Nothing was restored. ${error.message}`)
  process.exitCode = 1
}

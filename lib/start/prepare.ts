import { actionsKey } from '../config/auth-secret.ts'
import { loadConfig } from '../config/config.ts'
import { ConfigError } from '../config/config-error.ts'
import { announcement } from './announcement.ts'
import { ensureBuild } from './build.ts'
import { handOverPassword } from './first-password.ts'
import { prepareData } from './prepare-data.ts'

/** What `npm start` runs before the server: checks the settings, creates what is missing, builds, prints the address. */
async function prepare(): Promise<void> {
  const config = loadConfig()
  const { authSecret, firstPassword } = await prepareData(config)
  const first = firstPassword === undefined ? undefined : await handOverPassword(config, firstPassword)
  if (!(await ensureBuild({ ...process.env, NEXT_SERVER_ACTIONS_ENCRYPTION_KEY: actionsKey(authSecret) }))) {
    throw new ConfigError('npm start', 'the build failed; see the messages above')
  }
  for (const line of announcement(config, first)) console.log(line)
}

try {
  await prepare()
} catch (error) {
  if (!(error instanceof ConfigError)) throw error
  console.error(`Lading cannot start. ${error.message}`)
  process.exitCode = 1
}

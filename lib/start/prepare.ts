import { actionsKey } from '../config/auth-secret.ts'
import { type Config, isLoopback, loadConfig } from '../config/config.ts'
import { ConfigError } from '../config/config-error.ts'
import { ensureBuild } from './build.ts'
import { prepareData } from './prepare-data.ts'

/** What `npm start` runs before the server: checks the settings, makes what is missing, builds, says where Lading is. */
async function prepare(): Promise<void> {
  const config = loadConfig()
  const { authSecret, firstPassword } = await prepareData(config)
  if (!(await ensureBuild({ ...process.env, NEXT_SERVER_ACTIONS_ENCRYPTION_KEY: actionsKey(authSecret) }))) {
    throw new ConfigError('npm start', 'the build failed; the reason stands above')
  }
  for (const line of announcement(config, firstPassword)) console.log(line)
}

function announcement(config: Config, firstPassword: string | undefined): readonly string[] {
  const host = config.host === '0.0.0.0' ? '127.0.0.1' : config.host === '::' ? '[::1]' : bracketed(config.host)
  const lines = ['', `Lading is at ${config.baseUrl ?? `http://${host}:${config.port}${config.basePath}`}`]
  if (firstPassword) {
    lines.push(`Sign in as admin with the password ${firstPassword}`, 'It is shown this once; only its hash is kept.')
  }
  if (config.readOnly) lines.push('Read-only: every change is refused.')
  if (!isLoopback(config.host) && !config.baseUrl?.startsWith('https:')) {
    lines.push(
      `Warning: ${config.host} can be reached from other machines without TLS, and passwords could be read on the way.`,
      'Put a proxy with TLS in front and set NEXTAUTH_URL=https://…, or leave HOST at 127.0.0.1.',
    )
  }
  return [...lines, '']
}

function bracketed(host: string): string {
  return host.includes(':') ? `[${host}]` : host
}

try {
  await prepare()
} catch (error) {
  if (!(error instanceof ConfigError)) throw error
  console.error(`Lading cannot start. ${error.message}`)
  process.exitCode = 1
}

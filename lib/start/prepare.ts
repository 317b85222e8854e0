import { actionsKey } from '../config/auth-secret.ts'
import { type Config, isLoopback, loadConfig } from '../config/config.ts'
import { ConfigError } from '../config/config-error.ts'
import { ensureBuild } from './build.ts'
import { prepareData } from './prepare-data.ts'

/** What `npm start` runs before the server: checks the settings, creates what is missing, builds, prints the address. */
async function prepare(): Promise<void> {
  const config = loadConfig()
  const { authSecret, firstPassword } = await prepareData(config)
  if (!(await ensureBuild({ ...process.env, NEXT_SERVER_ACTIONS_ENCRYPTION_KEY: actionsKey(authSecret) }))) {
    throw new ConfigError('npm start', 'the build failed; see the messages above')
  }
  for (const line of announcement(config, firstPassword)) console.log(line)
}

function announcement(config: Config, firstPassword: string | undefined): readonly string[] {
  const host = config.host === '0.0.0.0' ? '127.0.0.1' : config.host === '::' ? '[::1]' : bracketed(config.host)
  const lines = ['', `Lading is at ${config.baseUrl ?? `http://${host}:${config.port}${config.basePath}`}`]
  if (firstPassword) {
    lines.push(
      `Sign in as admin with the password ${firstPassword}`,
      'It is shown only once; Lading keeps only its hash.',
    )
  }
  lines.push(anonymousLine(config))
  if (config.readOnly) lines.push('Read-only: every change is refused.')
  if (!isLoopback(config.host) && !config.baseUrl?.startsWith('https:')) {
    lines.push(
      `Warning: other machines can reach ${config.host} without TLS, so passwords could be read on the way.`,
      'Put a proxy with TLS in front and set NEXTAUTH_URL=https://…, or leave HOST at 127.0.0.1.',
    )
  }
  return [...lines, '']
}

function anonymousLine({ anonymousRole, anonymousOnLoopbackOnly, host }: Config): string {
  if (anonymousRole === 'none') return 'Without signing in, visitors see nothing (ANONYMOUS_ROLE is none).'
  const where = anonymousOnLoopbackOnly
    ? ', only for requests that come straight from this machine'
    : isLoopback(host)
      ? ''
      : ', from anywhere'
  return `Without signing in, visitors are ${anonymousRole === 'admin' ? 'admins' : `${anonymousRole}s`}${where} (ANONYMOUS_ROLE).`
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

import { recordConnections } from '../access/connection.ts'
import { actionsKey } from '../config/auth-secret.ts'
import { config } from '../config/config.ts'
import { ConfigError } from '../config/config-error.ts'
import type { RegistryConfig } from '../config/registry-config.ts'
import { stopping } from '../config/stopping.ts'
import { limitConnections } from '../observe/connection-limits.ts'
import { logConsole } from '../observe/console-log.ts'
import { freeDownloads } from '../observe/free-downloads.ts'
import { closeAfterLastAnswers } from '../observe/last-answers.ts'
import { observeRequests } from '../observe/observe-requests.ts'
import { observeUpstream } from '../observe/observe-upstream.ts'
import { hideInLogs } from '../observe/safe-text.ts'
import { announcement } from './announcement.ts'
import { handOverPassword } from './first-password.ts'
import { prepareData } from './prepare-data.ts'

/** Runs once in the server's process before its first request. Repeats what `npm start` has prepared without harm. */
export async function startServer(): Promise<void> {
  logConsole()
  try {
    const settings = config()
    const { authSecret, firstPassword } = await prepareData(settings)
    // `npm start` has said this already.
    const first = firstPassword === undefined ? undefined : await handOverPassword(settings, firstPassword)
    if (!process.env.LADING_PREPARED)
      for (const line of announcement(settings, first)) if (line !== '') console.log(line)
    hideInLogs(
      authSecret,
      settings.metricsToken,
      settings.oidc?.clientSecret,
      ...settings.registries.flatMap(secretsOf),
    )
    process.env.NEXTAUTH_SECRET = authSecret
    process.env.NEXT_SERVER_ACTIONS_ENCRYPTION_KEY = actionsKey(authSecret)
    setAuthUrl(settings.baseUrl, settings)
    observeRequests(settings)
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    console.error(`Lading cannot start. ${error.message}`)
    process.exit(1)
  }
  recordConnections()
  observeUpstream()
  limitConnections()
  freeDownloads()
  closeAfterLastAnswers()
  const { drain } = config()
  stopping().addEventListener('abort', () => setTimeout(() => process.exit(143), drain).unref())
}

function secretsOf(registry: RegistryConfig): (string | undefined)[] {
  const credentials = registry.kind === 'http' ? registry.credentials : undefined
  if (!credentials) return []
  if ('identityToken' in credentials) return [credentials.identityToken]
  return 'password' in credentials ? [credentials.password] : []
}

/**
 * next-auth expects its own path in the address. Without a configured address it follows the request's Host, which works
 * for any host and port, but then it doesn't know the base path.
 */
function setAuthUrl(baseUrl: string | undefined, { host, port, basePath }: ReturnType<typeof config>): void {
  const local = basePath === '' ? undefined : `http://${host.includes(':') ? `[${host}]` : host}:${port}${basePath}`
  const url = baseUrl ?? local
  if (url) process.env.NEXTAUTH_URL = `${url}/api/auth`
  else process.env.AUTH_TRUST_HOST = '1'
}

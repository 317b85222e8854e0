import { recordConnections } from '../access/connection.ts'
import { actionsKey } from '../config/auth-secret.ts'
import { config } from '../config/config.ts'
import { ConfigError } from '../config/config-error.ts'
import { prepareData } from './prepare-data.ts'

/** Requests that are under way get this long to finish after SIGTERM, in milliseconds. */
const DRAIN = 5000

/** Runs once in the server's process before its first request. Idempotent with `npm start`, which has prepared already. */
export async function startServer(): Promise<void> {
  try {
    const settings = config()
    const { authSecret, firstPassword } = await prepareData(settings)
    if (firstPassword) console.log(`Sign in as admin with the password ${firstPassword} (shown only once)`)
    process.env.NEXTAUTH_SECRET = authSecret
    process.env.NEXT_SERVER_ACTIONS_ENCRYPTION_KEY = actionsKey(authSecret)
    setAuthUrl(settings.baseUrl, settings)
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    console.error(`Lading cannot start. ${error.message}`)
    process.exit(1)
  }
  recordConnections()
  process.once('SIGTERM', () => setTimeout(() => process.exit(143), DRAIN).unref())
}

/**
 * next-auth wants its own path in the address. Without a configured address it follows the request's Host, which works
 * for any host and port; but then it knows no base path.
 */
function setAuthUrl(baseUrl: string | undefined, { host, port, basePath }: ReturnType<typeof config>): void {
  const local = basePath === '' ? undefined : `http://${host.includes(':') ? `[${host}]` : host}:${port}${basePath}`
  const url = baseUrl ?? local
  if (url) process.env.NEXTAUTH_URL = `${url}/api/auth`
  else process.env.AUTH_TRUST_HOST = '1'
}

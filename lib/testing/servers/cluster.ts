import { randomBytes } from 'node:crypto'
import { freePort } from './free-port.ts'
import { type Lading, startLading } from './lading.ts'
import { startNginx } from './nginx.ts'
import { type PostgresServer, startPostgres } from './postgres.ts'

export interface Cluster extends AsyncDisposable {
  /** Of the balancer: `http://127.0.0.1:41234`, no slash at the end. */
  readonly url: string
  readonly replicas: readonly Lading[]
  readonly postgres: PostgresServer
  readonly databaseUrl: string
  /** What every replica is configured by. */
  readonly settings: Readonly<Record<string, string>>
}

/**
 * Starts PostgreSQL, replicas of the built application on one database of it, and a balancer before them, which sends
 * each request to the next.
 * @param env what the replicas are configured by
 * @param options.port of the balancer; default: a free one
 */
export async function startCluster(
  env: Readonly<Record<string, string>> = {},
  { size = 3, port: wanted }: { readonly size?: number; readonly port?: number } = {},
): Promise<Cluster> {
  await using started = new AsyncDisposableStack()
  const port = wanted ?? (await freePort())
  const url = `http://127.0.0.1:${port}`
  const postgres = started.use(await startPostgres())
  const databaseUrl = await postgres.createDatabase()
  const settings = {
    DATABASE_URL: databaseUrl,
    AUTH_SECRET: randomBytes(32).toString('base64url'),
    NEXTAUTH_URL: url,
    TRUSTED_PROXIES: '1',
    ...env,
  }
  // The first builds the application where that is needed.
  const first = started.use(await startLading(settings, '/healthz'))
  const others = await Promise.all(Array.from({ length: size - 1 }, () => startLading(settings, '/healthz')))
  for (const other of others) started.use(other)
  const replicas = [first, ...others]
  const servers = replicas.map((replica) => `server 127.0.0.1:${replica.port} max_fails=1 fail_timeout=2s;`)
  started.use(
    await startNginx(
      `proxy_pass http://replicas;
      proxy_http_version 1.1;
      proxy_set_header Connection "";
      proxy_set_header Host $http_host;
      proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
      proxy_set_header X-Forwarded-Proto $scheme;
      proxy_connect_timeout 2s;
      proxy_read_timeout 300s;
      proxy_buffering off;
      proxy_request_buffering off;
      client_max_body_size 0;`,
      { http: `upstream replicas { ${servers.join(' ')} }`, port },
    ),
  )
  const all = started.move()
  return { url, replicas, postgres, databaseUrl, settings, [Symbol.asyncDispose]: () => all.disposeAsync() }
}

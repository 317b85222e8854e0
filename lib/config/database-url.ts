import { ConfigError } from './config-error.ts'

/** The URL of a PostgreSQL database, as `pg` takes it. Its value never appears in a message: it may hold a password. */
export function parseDatabaseUrl(text: string | undefined): string | undefined {
  if (text === undefined) return undefined
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url && /^postgres(?:ql)?:$/.test(url.protocol) && url.hostname && url.pathname.length > 1) return text
  throw new ConfigError(
    'DATABASE_URL',
    'expected the URL of a PostgreSQL database, for example DATABASE_URL=postgres://lading:password@db.example.com/lading',
  )
}

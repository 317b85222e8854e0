import { ConfigError, quoted } from './config-error.ts'

/** `''`, or the path with a slash before and none after. */
export function parseBasePath(value: string | undefined): string {
  const path = (value ?? '').replace(/\/+$/, '')
  if (path === '' || /^(?:\/[A-Za-z0-9_][A-Za-z0-9._~-]*)+$/.test(path)) return path
  throw new ConfigError(
    'BASE_PATH',
    `expected a path that starts with a slash, for example /lading; found ${quoted(path)}`,
  )
}

/** Accepts the address of the site, with or without the base path, and also the form with `/api/auth` of NextAuth's own documents. */
export function parseBaseUrl(value: string | undefined, basePath: string): string | undefined {
  if (value === undefined) return undefined
  const url = URL.parse(value)
  const example = `for example https://lading.example.com${basePath}`
  if (!url || !/^https?:$/.test(url.protocol) || url.search || url.hash) {
    throw new ConfigError(
      'NEXTAUTH_URL',
      `expected the http or https address of this site, ${example}; found ${quoted(value)}`,
    )
  }
  if (url.username || url.password)
    throw new ConfigError('NEXTAUTH_URL', `expected no user or password in it, ${example}`)
  const path = url.pathname.replace(/\/+$/, '').replace(/\/api\/auth$/, '')
  if (path !== '' && path !== basePath) {
    const wanted = basePath === '' ? 'BASE_PATH is not set' : `BASE_PATH is ${basePath}`
    throw new ConfigError(
      'NEXTAUTH_URL',
      `its path is ${quoted(path)} but ${wanted}: both must be the same, ${example}`,
    )
  }
  return `${url.origin}${basePath}`
}

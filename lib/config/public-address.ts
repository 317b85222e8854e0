import { ConfigError, quoted } from './config-error.ts'

/** `''`, or the path with a leading slash and no trailing one. */
export function parseBasePath(value: string | undefined): string {
  const path = (value ?? '').replace(/\/+$/, '')
  if (path === '' || /^(?:\/[A-Za-z0-9_][A-Za-z0-9._~-]*)+$/.test(path)) return path
  throw new ConfigError(
    'BASE_PATH',
    `expected a path that starts with a slash, for example /lading; found ${quoted(path)}`,
  )
}

/** Accepts the site's address with or without the base path, and also with `/api/auth`, as NextAuth's documentation has it. */
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
    throw new ConfigError('NEXTAUTH_URL', `its path is ${quoted(path)} but ${wanted}. They must match, ${example}`)
  }
  return `${url.origin}${basePath}`
}

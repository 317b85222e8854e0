import { request } from 'undici'
import { startLading } from '../lib/testing/servers/lading.ts'
import { startNginx } from '../lib/testing/servers/nginx.ts'
import { expect, test } from './fixtures.ts'

/** What a visitor gets who has not signed in. */
async function visit(url: string, headers: Readonly<Record<string, string>> = {}): Promise<'sees' | 'signs in'> {
  const { statusCode, headers: answer, body } = await request(`${url}/r/local`, { headers })
  const text = await body.text()
  if (statusCode === 307) {
    expect(answer.location).toContain('/sign-in')
    return 'signs in'
  }
  expect(text).toContain('team')
  return 'sees'
}

const HOST = ['proxy_set_header Host $http_host;']
const FULL = [...HOST, 'proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;', 'proxy_http_version 1.1;']

for (const [name, settings, headers] of [
  ['with proxy_pass alone', [], {}],
  ['that passes Host, for a client that asks for localhost', HOST, { host: 'localhost' }],
  ['that passes Host and X-Forwarded-For', FULL, { host: 'localhost' }],
  ['that names itself in Via', ['proxy_http_version 1.1;', 'proxy_set_header Via "1.1 nginx";'], {}],
] as const)
  test(`nobody gets in without signing in through an nginx on this machine ${name}`, async ({ lading }) => {
    expect(await visit(lading.url)).toBe('sees')
    await using nginx = await startNginx(`proxy_pass ${lading.url}; ${settings.join(' ')}`)
    expect(await visit(nginx.url, headers)).toBe('signs in')
  })

test('a public address or a trusted proxy turns off anonymous access from loopback, whatever the proxy sends', async ({
  stocked,
}) => {
  const registry = { REGISTRY_URL: stocked.registry.url, REGISTRY_NAME: 'local' }
  const settings: Readonly<Record<string, string>>[] = [
    { NEXTAUTH_URL: 'https://lading.example.com' },
    { TRUSTED_PROXIES: '1' },
  ]
  for (const env of settings) {
    await using lading = await startLading({ ...registry, ...env })
    expect(await visit(lading.url)).toBe('signs in')
    expect(lading.output()).toContain('Without signing in, visitors see nothing')
    await using nginx = await startNginx(`proxy_pass ${lading.url}; proxy_http_version 1.1;`)
    expect(await visit(nginx.url)).toBe('signs in')
  }
})

test('a host name pointed at this machine shows nothing, even with ANONYMOUS_ROLE set', async ({ stocked }) => {
  await using lading = await startLading({
    REGISTRY_URL: stocked.registry.url,
    REGISTRY_NAME: 'local',
    ANONYMOUS_ROLE: 'viewer',
  })
  expect(lading.output()).toContain('Without signing in, visitors are viewers')
  expect(await visit(lading.url)).toBe('sees')
  expect(await visit(lading.url, { host: 'rebound.example' })).toBe('signs in')
})

test('the start prints what visitors may do without signing in', async ({ lading }) => {
  expect(lading.output()).toContain('only for requests that come straight from this machine')
})

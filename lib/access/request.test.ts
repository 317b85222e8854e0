import { mkdtempSync } from 'node:fs'
import { createServer } from 'node:http'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { type Config, loadConfig } from '../config/config.ts'
import { anonymousRole, isLocalRequest } from './anonymous-role.ts'
import { addressGroup, clientAddress, isProxied, recordConnections } from './connection.ts'
import { contentSecurityPolicy } from './content-security-policy.ts'
import { assertSameOrigin } from './origin.ts'
import { safeReturnPath } from './return-path.ts'

describe('safeReturnPath', () => {
  it.each(['/', '/r/local/team/app:1?tab=layers#x', '/diff?a=local%2Fx&b=https://evil.example'])('keeps %s', (path) =>
    expect(safeReturnPath(path)).toBe(path),
  )
  it.each([
    '//evil.example',
    '/\\evil.example',
    '\\evil.example',
    '/\t/evil.example',
    '/\n/evil.example',
    'https://evil.example',
    'javascript:alert(1)',
    '/..//evil.example',
    '/./\\evil.example',
    'evil',
    '',
    '/sign-in?returnTo=/sign-in',
    '/api/auth/signout',
    `/${'a'.repeat(3000)}`,
    undefined,
    ['/r'],
  ])('goes home instead of %j', (path) => expect(safeReturnPath(path)).toBe('/'))
})

describe('assertSameOrigin', () => {
  const check = (headers: Record<string, string>, baseUrl?: string) => () =>
    assertSameOrigin(new Headers(headers), baseUrl === undefined ? {} : { baseUrl })

  it('accepts pages of this site, also behind a proxy that terminates TLS', () => {
    expect(check({ origin: 'http://127.0.0.1:3000', host: '127.0.0.1:3000' })).not.toThrow()
    expect(check({ origin: 'http://[::1]:3000', host: '[::1]:3000' })).not.toThrow()
    expect(
      check({ origin: 'https://lading.example', host: 'inside:3000', 'x-forwarded-host': 'lading.example' }),
    ).not.toThrow()
    expect(check({ origin: 'https://lading.example', host: 'inside' }, 'https://lading.example/base')).not.toThrow()
  })

  it.each([
    ['foreign', { origin: 'http://evil.example', host: 'localhost:3000' }],
    ['on another port', { origin: 'http://localhost:3001', host: 'localhost:3000' }],
    ['with the same prefix', { origin: 'http://localhost:3000.evil.example', host: 'localhost:3000' }],
    ['null', { origin: 'null', host: 'localhost:3000' }],
    ['missing', { host: 'localhost:3000' }],
    ['with a path', { origin: 'http://localhost:3000/x', host: 'localhost:3000' }],
    ['of another scheme', { origin: 'file://localhost:3000', host: 'localhost:3000' }],
    ['without a host to compare with', { origin: 'http://localhost:3000' }],
  ])('refuses an origin %s', (_, headers) =>
    expect(check(headers)).toThrow(expect.objectContaining({ code: 'foreign-origin' })),
  )

  it('trusts the configured address, not the Host header', () => {
    expect(check({ origin: 'http://evil.example', host: 'evil.example' }, 'https://lading.example')).toThrow()
    expect(check({ origin: 'http://lading.example', host: 'lading.example' }, 'https://lading.example')).toThrow()
  })
})

/** As a handler sees the headers of a request that came to a server. */
async function received(headers: Readonly<Record<string, string>>, http10 = false): Promise<Headers> {
  recordConnections()
  const server = createServer((incoming, answer) => answer.end(JSON.stringify(incoming.headers)))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = typeof address === 'object' && address ? address.port : 0
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`)
  const socket = connect(port, '127.0.0.1', () =>
    socket.write(`GET / HTTP/1.${http10 ? '0' : '1'}\r\n${lines.join('')}connection: close\r\n\r\n`),
  )
  const answer = Buffer.concat(await socket.toArray()).toString()
  server.close()
  const body = answer.slice(answer.indexOf('{'), answer.lastIndexOf('}') + 1)
  return new Headers(JSON.parse(body) as Record<string, string>)
}

describe('isLocalRequest', () => {
  it.each([
    [{ host: 'localhost:3000' }, true],
    [{ host: '[::1]:3000' }, true],
    [{ host: '127.0.0.1' }, true],
    [{ host: '127.0.0.1', 'x-lading-proxied': '0', via: '1.1 proxy' }, false],
    [{ host: 'rebound.example:3000' }, false],
    [{ host: 'localhost.evil.example' }, false],
    [{ host: 'localhost', forwarded: 'for=127.0.0.1' }, false],
    [{ host: 'localhost', 'x-forwarded-for': '127.0.0.1' }, false],
    [{ host: 'localhost', 'x-forwarded-host': 'localhost' }, false],
    [{ host: 'localhost', 'x-forwarded-proto': 'http' }, false],
    [{ host: 'localhost', 'x-forwarded-server': 'x' }, false],
    [{ host: 'localhost', 'x-real-ip': '127.0.0.1' }, false],
  ])('%j: %s', async (headers, expected) => {
    const seen = await received(headers as Record<string, string>)
    expect(isLocalRequest(seen)).toBe(expected)
  })

  it('is false for HTTP/1.0, which proxies speak and browsers do not', async () =>
    expect(isLocalRequest(await received({ host: 'localhost' }, true))).toBe(false))

  it('is as true for the page that an action redirects to, which Next requests from the server itself, as for the action', async () => {
    const action = await received({ host: 'localhost:3000' })
    const repeated = { ...Object.fromEntries(action), 'x-forwarded-for': '127.0.0.1', 'x-forwarded-proto': 'http' }
    expect(isLocalRequest(await received(repeated))).toBe(true)
    const proxied = await received({ host: 'localhost:3000', via: '1.1 proxy' })
    expect(isLocalRequest(await received(Object.fromEntries(proxied)))).toBe(false)
    expect(isLocalRequest(await received({ ...repeated, 'x-lading-recorded': 'guessed' }))).toBe(false)
  })

  it('is false if nothing is known about the connection, or only what the client claims', () => {
    expect(isLocalRequest(new Headers({ host: 'localhost' }))).toBe(false)
    const lie = new Headers({ host: 'localhost', 'x-lading-peer': '127.0.0.1', 'x-lading-proxied': '0' })
    expect(isLocalRequest(lie)).toBe(false)
    expect(clientAddress(lie, 0)).toBe('unknown')
  })
})

describe('anonymousRole', () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'lading-role-'))
  const load = (env: Readonly<Record<string, string>>): Config => loadConfig({ DATA_DIR: dataDir, ...env })
  const role = async (env: Readonly<Record<string, string>>, headers: Readonly<Record<string, string>>) =>
    anonymousRole(load(env), await received(headers))

  it('is viewer on a plain start, for this machine only', async () => {
    expect(await role({}, { host: 'localhost:3000' })).toBe('viewer')
    expect(await role({}, { host: 'rebound.example' })).toBe('none')
    expect(await role({}, { host: 'localhost:3000', via: '1.1 proxy' })).toBe('none')
  })

  it.each([[{ NEXTAUTH_URL: 'https://lading.example' }], [{ TRUSTED_PROXIES: '1' }], [{ HOST: '0.0.0.0' }]])(
    'is denied with %j, even for requests that look local',
    async (env) => expect(await role(env, { host: 'localhost:3000' })).toBe('none'),
  )

  it('is ANONYMOUS_ROLE, except for host names that another site may have pointed at this machine', async () => {
    const env = { ANONYMOUS_ROLE: 'auditor' }
    expect(await role(env, { host: '127.0.0.1:3000', 'x-forwarded-for': '203.0.113.9' })).toBe('auditor')
    expect(await role(env, { host: 'rebound.example:3000' })).toBe('none')
    const published = { ...env, NEXTAUTH_URL: 'https://lading.example' }
    expect(await role(published, { host: 'lading.example' })).toBe('auditor')
    expect(await role(published, { host: 'rebound.example' })).toBe('none')
    expect(await role({ ...env, HOST: '0.0.0.0' }, { host: 'any.example' })).toBe('auditor')
  })
})

describe('clientAddress', () => {
  it('is the other end of the connection, whatever the client claims', async () => {
    const lie = { host: 'x', 'x-lading-peer': '6.6.6.6', 'x-lading-proxied': '0', 'x-forwarded-for': '7.7.7.7' }
    const seen = await received(lie)
    expect(clientAddress(seen, 0)).toBe('127.0.0.1')
    expect(isProxied(seen)).toBe(true)
  })

  it('counts one entry of X-Forwarded-For per trusted proxy', async () => {
    const headers = await received({ host: 'x', 'x-forwarded-for': 'made-up, 203.0.113.9, 10.0.0.2' })
    expect(clientAddress(headers, 0)).toBe('127.0.0.1')
    expect(clientAddress(headers, 1)).toBe('10.0.0.2')
    expect(clientAddress(headers, 2)).toBe('203.0.113.9')
  })
})

describe('addressGroup', () => {
  it.each([
    ['203.0.113.9', '203.0.113.9'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:0db8:0001:0002::ffff', '2001:db8:1:2::/64'],
    ['2001:db8::1', '2001:db8:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    ['unknown', 'unknown'],
  ])('of %s is %s', (address, group) => expect(addressGroup(address)).toBe(group))
})

describe('contentSecurityPolicy', () => {
  it('allows scripts by nonce alone, and eval only in development', () => {
    const policy = contentSecurityPolicy('abc', false)
    expect(policy).toContain("script-src 'self' 'nonce-abc' 'strict-dynamic';")
    expect(policy).toContain("frame-ancestors 'none'")
    expect(policy).not.toMatch(/unsafe-eval|script-src[^;]*unsafe-inline/)
    expect(contentSecurityPolicy('abc', true)).toContain("'unsafe-eval'")
  })
})

import { createServer, request } from 'node:http'
import { describe, expect, it } from 'vitest'
import { clientAddress, installClientAddress } from './client-address.ts'
import { contentSecurityPolicy } from './content-security-policy.ts'
import { isLocalRequest } from './local-request.ts'
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

  it('lets pages of this site through, also behind a proxy that takes TLS away', () => {
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
    ['that only begins alike', { origin: 'http://localhost:3000.evil.example', host: 'localhost:3000' }],
    ['null', { origin: 'null', host: 'localhost:3000' }],
    ['missing', { host: 'localhost:3000' }],
    ['with a path', { origin: 'http://localhost:3000/x', host: 'localhost:3000' }],
    ['of another scheme', { origin: 'file://localhost:3000', host: 'localhost:3000' }],
    ['without a host to compare with', { origin: 'http://localhost:3000' }],
  ])('refuses an origin %s', (_, headers) => expect(check(headers)).toThrow('did not come from a page of this site'))

  it('holds to the configured address, not to what the request calls itself', () => {
    expect(check({ origin: 'http://evil.example', host: 'evil.example' }, 'https://lading.example')).toThrow()
    expect(check({ origin: 'http://lading.example', host: 'lading.example' }, 'https://lading.example')).toThrow()
  })
})

describe('isLocalRequest', () => {
  it.each([
    [{ host: 'localhost:3000' }, true],
    [{ host: '[::1]:3000', 'x-forwarded-for': '::1' }, true],
    [{ host: '127.0.0.1', 'x-forwarded-for': '::ffff:127.0.0.1' }, true],
    [{ host: 'rebound.example:3000' }, false],
    [{ host: 'localhost.evil.example' }, false],
    [{ host: '127.0.0.1:3000', 'x-forwarded-host': 'lading.example' }, false],
    [{ host: '127.0.0.1:3000', 'x-forwarded-for': '203.0.113.9' }, false],
    [{}, false],
  ])('%j: %s', (headers, expected) =>
    expect(isLocalRequest(new Headers(headers as Record<string, string>))).toBe(expected),
  )
})

describe('clientAddress', () => {
  it('is the other end of the connection, whatever the client says', async () => {
    installClientAddress()
    const server = createServer((incoming, answer) => {
      answer.end(clientAddress(new Headers(incoming.headers as Record<string, string>), 0))
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const address = server.address()
    const port = typeof address === 'object' ? address?.port : undefined
    const lie = { 'x-lading-peer': '6.6.6.6', 'x-forwarded-for': '7.7.7.7' }
    const body = await new Promise<string>((resolve) =>
      request({ host: '127.0.0.1', port, headers: lie }, async (answer) => {
        resolve(Buffer.concat(await answer.toArray()).toString())
      }).end(),
    )
    server.close()
    expect(body).toBe('127.0.0.1')
  })

  it('counts as many entries of X-Forwarded-For as there are proxies of ours', () => {
    const headers = new Headers({ 'x-lading-peer': '10.0.0.1', 'x-forwarded-for': 'made-up, 203.0.113.9, 10.0.0.2' })
    expect(clientAddress(headers, 0)).toBe('10.0.0.1')
    expect(clientAddress(headers, 1)).toBe('10.0.0.2')
    expect(clientAddress(headers, 2)).toBe('203.0.113.9')
  })
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

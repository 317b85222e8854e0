import { createHash, generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { NextApiRequest, NextApiResponse } from 'next'
import NextAuth from 'next-auth'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { type HttpServer, startHttpServer } from '../testing/servers/http-server.ts'
import { authOptions } from './sign-in/auth-options.ts'

/** A provider that lies, and a browser that is led to it and back. */
const rsa = () => generateKeyPairSync('rsa', { modulusLength: 2048 })
const { privateKey, publicKey } = rsa()
const CLIENT = 'lading'
const SITE = 'https://lading.example'

interface Lies {
  readonly claims?: Readonly<Record<string, unknown>>
  readonly header?: Readonly<Record<string, unknown>>
  readonly key?: KeyObject | null
  /** What its discovery document states. */
  readonly issuer?: string
}

let provider: HttpServer
let lies: Lies = {}
let nonce = ''
const folder = mkdtempSync(join(tmpdir(), 'lading-oidc-attacks-'))

beforeAll(async () => {
  provider = await startHttpServer((request, response) => {
    const document = documentAt(new URL(request.url ?? '/', provider.url).pathname)
    response.writeHead(document ? 200 : 404, { 'content-type': 'application/json' }).end(JSON.stringify(document ?? {}))
  })
  vi.stubEnv('DATA_DIR', folder)
  vi.stubEnv('NEXTAUTH_SECRET', 'a secret of the test that is long enough')
  vi.stubEnv('NEXTAUTH_URL', SITE)
  vi.stubEnv('OIDC_ISSUER', provider.url)
  vi.stubEnv('OIDC_CLIENT_ID', CLIENT)
  vi.stubEnv('OIDC_CLIENT_SECRET', 'client secret')
  vi.spyOn(console, 'error').mockImplementation(() => {})
})
afterAll(async () => {
  vi.restoreAllMocks()
  vi.unstubAllEnvs()
  await provider.stop()
  rmSync(folder, { recursive: true, force: true })
})

it('lets in people named by an honest provider', async () => {
  expect(await signIn({})).toEqual({ location: `${SITE}/r/hub?q=1`, session: true })
})

it('lets in people whose provider writes their name with combining marks', async () => {
  expect(await signIn({ claims: { preferred_username: 'jose\u0301' } })).toMatchObject({ session: true })
})

it.each<[string, Lies]>([
  ['a token of another attempt', { claims: { nonce: 'of another attempt' } }],
  ['a token without a nonce', { claims: { nonce: undefined } }],
  ['an unsigned token', { header: { alg: 'none' }, key: null }],
  ['a token signed by somebody else', { key: rsa().privateKey }],
  ['a token of another issuer', { claims: { iss: 'https://evil.example' } }],
  ['a token for another client', { claims: { aud: 'other' } }],
  ['a token that has expired', { claims: { exp: Math.floor(Date.now() / 1000) - 60 } }],
])('refuses %s', async (_, told) => {
  expect(await signIn(told)).toEqual({ location: expect.stringContaining('error=OAuthCallback'), session: false })
})

it('refuses a provider whose document and tokens state another issuer than configured', async () => {
  const issuer = 'https://evil.example'
  expect(await signIn({ issuer, claims: { iss: issuer } })).toMatchObject({ session: false })
})

it.each<[string, Readonly<Record<string, string>>]>([
  ['a forged state', { state: 'forged' }],
  ['an answer of another provider, which a mix-up would bring', { iss: 'https://evil.example' }],
  ['an error of the provider', { error: 'access_denied' }],
])('refuses %s', async (_, parameters) => {
  expect(await signIn({}, parameters)).toMatchObject({ session: false })
})

it('refuses a response in a browser where no attempt has begun', async () => {
  const { session } = await visit('GET', ['callback', 'oidc'], { query: { code: 'code', state: 'state' } })
  expect(session).toBe(false)
})

it('refuses user names of configured users and invalid ones', async () => {
  expect(await signIn({ claims: { preferred_username: '../etc' } })).toEqual({
    location: `/sign-in?error=NoName`,
    session: false,
  })
})

async function signIn(told: Lies, parameters: Readonly<Record<string, string>> = {}) {
  lies = told
  const token = 'c'.repeat(64)
  const hash = createHash('sha256').update(`${token}${process.env.NEXTAUTH_SECRET}`).digest('hex')
  const csrf = { '__Secure-lading.csrf': `${token}|${hash}` }
  const form = { csrfToken: token, callbackUrl: '/r/hub?q=1' }
  const begun = await visit('POST', ['signin', 'oidc'], { cookies: csrf, body: form })
  const asked = new URL(begun.location).searchParams
  expect(asked.get('code_challenge_method')).toBe('S256')
  nonce = asked.get('nonce') ?? ''
  const query = { code: 'code', state: asked.get('state') ?? '', ...parameters }
  const { location, session } = await visit('GET', ['callback', 'oidc'], { cookies: begun.cookies, query })
  return { location, session }
}

interface Visit {
  readonly cookies?: Readonly<Record<string, string>>
  readonly query?: Readonly<Record<string, string>>
  readonly body?: Readonly<Record<string, string>>
}

/** One request to next-auth, as its handler for API routes takes it. */
async function visit(method: string, nextauth: readonly string[], { cookies = {}, query = {}, body = {} }: Visit) {
  const headers: Record<string, unknown> = {}
  const response = {
    status: () => response,
    getHeader: (name: string) => headers[name.toLowerCase()],
    setHeader: (name: string, value: unknown) => {
      headers[name.toLowerCase()] = value
      return response
    },
    end: () => {},
    json: () => {},
    send: () => {},
  }
  const sent = { host: 'lading.example' }
  const request = { method, headers: sent, cookies, body, query: { ...query, nextauth } }
  const [asRequest, asResponse] = [request as unknown as NextApiRequest, response as unknown as NextApiResponse]
  await NextAuth(asRequest, asResponse, authOptions(new Headers(sent)))
  const set = [headers['set-cookie'] ?? []].flat().map((line) => String(line).split(';')[0]?.split('=') ?? [])
  const jar = Object.fromEntries(set.map(([name = '', value = '']) => [name, decodeURIComponent(value)]))
  return {
    location: String(headers.location ?? ''),
    cookies: { ...cookies, ...jar },
    session: Boolean(jar['__Secure-lading.session']),
  }
}

function documentAt(path: string): object | undefined {
  const { url } = provider
  if (path === '/.well-known/openid-configuration')
    return {
      issuer: lies.issuer ?? url,
      authorization_endpoint: `${url}/authorize`,
      token_endpoint: `${url}/token`,
      jwks_uri: `${url}/keys`,
    }
  if (path === '/keys')
    return { keys: [{ ...publicKey.export({ format: 'jwk' }), kid: '1', use: 'sig', alg: 'RS256' }] }
  if (path === '/token') return { token_type: 'Bearer', access_token: 'access', id_token: idToken() }
  return undefined
}

function idToken(): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const now = Math.floor(Date.now() / 1000)
  const claims = {
    iss: provider.url,
    aud: CLIENT,
    sub: '1',
    preferred_username: 'mia',
    groups: [],
    iat: now,
    exp: now + 300,
  }
  const input = `${part({ alg: 'RS256', kid: '1', ...lies.header })}.${part({ ...claims, nonce, ...lies.claims })}`
  return lies.key === null
    ? `${input}.`
    : `${input}.${sign('sha256', Buffer.from(input), lies.key ?? privateKey).toString('base64url')}`
}

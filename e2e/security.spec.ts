import { connect } from 'node:net'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { expect } from '@playwright/test'
import { z } from 'zod'
import { encodeTarHeader } from '../lib/oci/encode-tar-header.ts'
import { keyedInput } from '../lib/routes/keyed-input.ts'
import { pushImage } from '../lib/testing/servers/images.ts'
import { callAction, serverActions } from '../lib/testing/servers/server-actions.ts'
import { actionInputs } from './action-inputs.ts'
import { mainThreadTime } from './main-thread-time.ts'
import type { Person } from './people.ts'
import { type Place, ROUTES } from './routes.ts'
import { newToken, SECRET, sessionOf, test, writes } from './scoped.ts'

const INTRUDERS: readonly (Person | 'nobody')[] = ['nobody', 'vera', 'otto', 'olga', 'omar']

/** What an auditor is granted: reading, and what is their own. Everything else is refused, or finds nothing. */
const OF_AUDITORS = [
  'audit.ts verifyAudit',
  'jobs.ts checkCompleteness',
  'jobs.ts countJobs',
  'jobs.ts hashWholeImage',
  'jobs.ts listCopyTargets',
  'jobs.ts lookUpSource',
  'pins.ts pin',
  'referrers.ts listSboms',
  'referrers.ts listStatements',
  'repositories.ts askRegistries',
  'repositories.ts findDigest',
  'repositories.ts findNearTags',
  'repositories.ts findReference',
  'repositories.ts findTags',
  'repositories.ts followRootListing',
  'repositories.ts listRepositoryNames',
  'repositories.ts listTreeLevel',
  'repositories.ts matchRepositories',
  'repositories.ts refreshListing',
  'searches.ts deleteSavedSearch',
  'searches.ts saveSearch',
  'searches.ts suggestTerms',
  'sessions.ts endOthers',
  'sync.ts followSyncs',
  'sync.ts syncNow',
  'tags.ts lookUpTag',
  'tags.ts readTagRow',
  // Answers for each, and refuses each.
  'tags.ts restoreTrashed',
  'tokens.ts endToken',
  'tokens.ts makeToken',
]

/** Ways around a proxy or a page's own check. */
const DETOURS: readonly Record<string, string>[] = [
  {},
  { RSC: '1' },
  { RSC: '1', 'next-router-prefetch': '1' },
  { 'x-middleware-subrequest': 'proxy:proxy:proxy:proxy:proxy' },
  { 'x-middleware-subrequest': 'src/proxy:src/proxy:src/proxy:src/proxy:src/proxy' },
  { 'x-forwarded-host': '127.0.0.1', 'x-forwarded-for': '127.0.0.1', 'x-real-ip': '127.0.0.1' },
]

test('nothing that a person without the right can fetch contains the secret repository’s name, tag or labels', async ({
  page,
  lading,
  scoped: { secret, signature },
}) => {
  // What the request says comes back in the title; what it does not say may not.
  const named = SECRET.repository
  const routes: readonly (readonly [path: string, hidden: readonly string[]])[] = [
    ...['/', '/r/local', '/r/local/secret', '/r/local//secret', '/r/local/secret%2f', '/r/local.rsc', '/index.rsc'].map(
      (path) => [path, [named, SECRET.tag, SECRET.label]] as const,
    ),
    ...[
      `/r/local/${named}`,
      `/r/local/${named.replace('/', '%2f')}`,
      `/r/local/${named}@${secret.digest}?tab=labels`,
      `/d/local/${named}@${secret.config.digest}`,
      `/api/blob/local/${named}@${secret.config.digest}`,
      `/api/sbom/local/${named}@${secret.digest}`,
      `/api/signature/local/${named}@${secret.digest}?name=${signature}`,
      `/api/resolution/local/${named}`,
      `/api/added-labels/local/${named}@${secret.digest}`,
      `/diff?a=local/${named}@${secret.digest}&b=local/team/app:latest`,
    ].map((path) => [path, [SECRET.tag, SECRET.label, SECRET.signature]] as const),
  ]
  for (const who of INTRUDERS) {
    const cookie = who === 'nobody' ? undefined : await sessionOf(page, who)
    for (const [path, hidden] of routes)
      for (const detour of DETOURS) {
        const headers = { ...detour, ...(cookie && { cookie }) }
        const response = await fetch(lading.url + path, { headers, redirect: 'manual' })
        const text = `${await response.text()} ${JSON.stringify([...response.headers])}`
        for (const name of hidden) expect(text.includes(name), `${who} ${path} ${JSON.stringify(detour)}`).toBe(false)
      }
  }
})

/** Every action of the build with an input about the secret image. What ends the session comes last. */
async function allActions({ digest }: { readonly digest: string }) {
  const inputs = actionInputs({ registry: 'local', repository: SECRET.repository, tag: SECRET.tag, digest })
  const ids = await serverActions()
  expect([...ids.keys()].filter((name) => !(name in inputs))).toEqual([])
  const isLast = (name: string) => name === 'session.ts endSession'
  return [...ids]
    .map(([name, id]) => ({ name, id, input: inputs[name] }))
    .toSorted((a, b) => Number(isLast(a.name)) - Number(isLast(b.name)))
}

test('no server action shows the secret or writes to the registry without the right', async ({
  page,
  lading,
  scoped: { proxy, secret },
}) => {
  const actions = await allActions(secret)
  await sessionOf(page, 'ada')
  // Those of the admin reach what they may read, and no action.
  const authorization = `Bearer ${await newToken(page)}`
  for (const who of [...INTRUDERS, 'token'] as const) {
    const isAccount = who !== 'nobody' && who !== 'token'
    const headers: Record<string, string> = isAccount
      ? { cookie: await sessionOf(page, who) }
      : who === 'token'
        ? { authorization }
        : {}
    const before = writes(proxy).length
    for (const { name, id, input } of actions) {
      const args = input === undefined ? [] : [input]
      const { body } = await callAction({ url: lading.url, id, args, headers, origin: lading.url })
      const said = body.replaceAll(SECRET.repository, '')
      for (const hidden of [SECRET.label, ...(JSON.stringify(args).includes(SECRET.tag) ? [] : [SECRET.tag])])
        expect(said.includes(hidden), `${who}: ${name}`).toBe(false)
      if (
        input === undefined ||
        /^repositories\.ts (?:listTreeLevel|matchRepositories|askRegistries)$|suggestTerms$/.test(name)
      )
        expect(body.includes('canary-name'), `${who}: ${name}`).toBe(false)
    }
    expect(writes(proxy).slice(before), who).toEqual([])
  }
})

test('an auditor is granted the actions that read, and none that writes to the registry', async ({
  page,
  lading,
  scoped: { proxy, secret },
}) => {
  const actions = await allActions(secret)
  const cookie = await sessionOf(page, 'audrey')
  const before = writes(proxy).length
  const granted = []
  for (const { name, id, input } of actions) {
    const args = input === undefined ? [] : [input]
    const { body, headers } = await callAction({ url: lading.url, id, args, cookie, origin: lading.url })
    expect(headers['cache-control'], name).toMatch(/\bno-store\b/)
    if (body.includes('"ok":true')) granted.push(name)
  }
  expect(writes(proxy).slice(before)).toEqual([])
  expect(granted.toSorted()).toEqual(OF_AUDITORS)
})

test('no download and no data of somebody who has signed in is kept by a cache that others share', async ({
  page,
  lading,
  scoped: { secret },
}) => {
  const cookie = await sessionOf(page, 'ada')
  const image = `local/${SECRET.repository}@${secret.digest}`
  const place: Place = {
    repository: SECRET.repository,
    tag: SECRET.tag,
    digest: secret.digest,
    blob: secret.config.digest,
  }
  const paths = [
    ...Object.values(ROUTES).flatMap((address) => (address === 'elsewhere' ? [] : [address('local', place)])),
    '/api/audit?format=ndjson',
    '/api/auth/session',
    `/api/changes/local/${SECRET.repository}`,
    ...['search', 'labels', 'policy', 'activity'].map((what) => `/api/export/${what}?format=csv`),
    `/api/jobs/${'A'.repeat(22)}/events`,
    `/api/plan/${'A'.repeat(16)}`,
    `/api/resolution/local/${SECRET.repository}`,
    `/api/sbom/${image}`,
    `/api/signature/${image}?name=none`,
    '/nothing/here',
    '/api/nothing/here',
    '/metrics',
    '/%ff',
  ]
  const kept = []
  for (const path of paths) {
    const response = await fetch(lading.url + path, { headers: { cookie } })
    await response.body?.cancel()
    const cached = response.headers.get('cache-control') ?? 'as a cache likes'
    if (!/\bno-store\b/.test(cached)) kept.push(`${response.status} ${path}: ${cached}`)
  }
  expect(kept).toEqual([])
})

test('pages carry a policy with a fresh nonce, can’t be framed and are never cached', async ({ lading }) => {
  const policies = []
  for (const path of ['/sign-in', '/sign-in', '/nothing/here']) {
    const response = await fetch(lading.url + path)
    const policy = response.headers.get('content-security-policy') ?? ''
    expect(policy).toMatch(/script-src [^;]*'nonce-[A-Za-z0-9+/=]{20,}'/)
    expect(policy).not.toMatch(/script-src [^;]*'unsafe-(inline|eval)'/)
    expect(policy).toContain("frame-ancestors 'none'")
    expect(response.headers.get('cache-control')).toMatch(/^private,.*\bno-store\b/)
    expect(response.headers.get('x-content-type-options')).toBe('nosniff')
    policies.push(policy)
  }
  expect(policies[0]).not.toBe(policies[1])
})

test('the framework’s image optimizer is off', async ({ lading }) => {
  for (const query of ['url=%2Ficon.svg&w=64&q=75', `url=${encodeURIComponent(lading.url)}&w=64&q=75`])
    expect((await fetch(`${lading.url}/_next/image?${query}`)).status).not.toBe(200)
})

test('an action takes at most 256 KB, and every one is answered in bounded time', async ({ lading }) => {
  const id = (await serverActions()).get('repositories.ts matchRepositories') ?? ''
  const call = (argument: unknown) => callAction({ url: lading.url, id, args: [argument], origin: lading.url })
  const nested = JSON.parse(`${'['.repeat(1_000)}${']'.repeat(1_000)}`) as unknown
  for (const argument of ['a'.repeat(300 * 1024), nested]) {
    const before = mainThreadTime(lading.pid)
    expect((await call(argument)).body).not.toContain('"ok":true')
    expect(mainThreadTime(lading.pid) - before).toBeLessThan(5_000)
  }
  const answers = await Promise.all(Array.from({ length: 600 }, () => call('')))
  expect(answers.some(({ body }) => body.includes('access.too-many'))).toBe(true)
  using database = new DatabaseSync(join(lading.dataDir, 'lading.db'), { readOnly: true })
  const countKeys = () => {
    const row = database.prepare('select count(*) as keys from sent_once').get()
    return z.object({ keys: z.number() }).parse(row).keys
  }
  const before = countKeys()
  const keys = Array.from({ length: 400 }, (_, n) => n.toString(16).padStart(32, '0'))
  const keyed = await Promise.all(keys.map((key) => call(keyedInput(key, ''))))
  const refused = keyed.filter(({ body }) => body.includes('access.too-many')).length
  expect(refused).toBeGreaterThan(0)
  expect(countKeys() - before).toBeLessThanOrEqual(keys.length - refused)
  expect((await fetch(`${lading.url}/sign-in`)).status).toBe(200)
  await expect.poll(async () => (await call('')).body.includes('access.too-many')).toBe(false)
})

test('what a script changes is limited like what a page does', async ({ lading }) => {
  const address = `${lading.url}/api/added-labels/local/team/app@sha256:${'0'.repeat(64)}`
  const post = () => fetch(address, { method: 'POST', headers: { origin: lading.url }, body: '{}' })
  const answers = await Promise.all(Array.from({ length: 400 }, post))
  expect(answers.filter(({ status }) => status === 429).length).toBeGreaterThan(100)
  await expect.poll(async () => (await post()).status).not.toBe(429)
})

test('uploads that one person leaves unfinished keep nobody else from downloading', async ({
  page,
  lading,
  stocked: { registry },
}) => {
  await pushImage(registry.url, 'team/downloaded', ['1'], { layers: [{ file: 'content' }] })
  const cookie = await sessionOf(page, 'otto')
  const header = encodeTarHeader({ path: `blobs/sha256/${'a'.repeat(64)}`, type: 'file', size: 2 ** 30 })
  const leave = new AbortController()
  let refused = 0
  for (let n = 0; n < 70; n++)
    fetch(`${lading.url}/api/load/local?repository=team/unfinished-${n}`, {
      method: 'PUT',
      headers: { cookie, origin: lading.url },
      body: new ReadableStream({
        start: (body) => {
          body.enqueue(header)
          body.enqueue(new Uint8Array(100_000))
        },
      }),
      duplex: 'half',
      signal: leave.signal,
    } as RequestInit).then(
      ({ status }) => status === 429 && refused++,
      () => undefined,
    )
  await expect.poll(() => refused).toBe(66)
  const others = { cookie: await sessionOf(page, 'vera') }
  const download = await fetch(`${lading.url}/api/archive/oci/local/team/downloaded:1`, { headers: others })
  expect((await download.arrayBuffer()).byteLength).toBeGreaterThan(1_024)
  leave.abort()
})

test('one person’s open streams are bounded, and keep nobody else from following a page', async ({
  page,
  lading,
  stocked: { registry },
}) => {
  await pushImage(registry.url, 'team/followed', ['1'])
  const follow = (cookie: string, signal: AbortSignal) =>
    fetch(`${lading.url}/api/changes/local/team/followed`, { headers: { cookie }, signal })
  const leave = new AbortController()
  const cookie = await sessionOf(page, 'otto')
  // Held: undici closes those that nobody refers to.
  const streams: Response[] = []
  for (let some = 0; some < 12; some++)
    streams.push(...(await Promise.all(Array.from({ length: 50 }, () => follow(cookie, leave.signal)))))
  expect([200, 429].map((wanted) => streams.filter(({ status }) => status === wanted).length)).toEqual([500, 100])
  const others = await sessionOf(page, 'vera')
  expect((await follow(others, leave.signal)).status).toBe(200)
  leave.abort()
  expect(streams).toHaveLength(600)
  const later = new AbortController()
  await expect.poll(async () => (await follow(cookie, later.signal)).status).toBe(200)
  later.abort()
})

test('malformed requests are answered, and the server keeps running', async ({ lading }) => {
  const requests = [
    'GET / HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %\r\nCookie: lading.session=%E0%A4%A; __proto__=1\r\n\r\n',
    'GET / HTTP/1.1\r\nHost: x\r\n__proto__: 1\r\nconstructor: 2\r\n\r\n',
    'GET /%E0%A4%A HTTP/1.1\r\nHost: x\r\n\r\n',
    'GET /r/local/\u0000 HTTP/1.1\r\nHost: x\r\n\r\n',
    'POST / HTTP/1.1\r\nHost: x\r\nNext-Action: nope\r\nContent-Length: 2\r\n\r\n[{',
    'POST / HTTP/1.1\r\nHost: x\r\nContent-Type: multipart/form-data; boundary=x\r\nContent-Length: 3\r\n\r\n--x',
    'GET http://evil.example/ HTTP/1.1\r\nHost: evil.example\r\nOrigin: null\r\n\r\n',
    'nonsense\r\n\r\n',
  ]
  for (const text of requests) expect(await answerTo(lading.port, text), text).toMatch(/^HTTP\/1\.1 [2345]\d\d/)
  expect((await fetch(`${lading.url}/sign-in`)).status).toBe(200)
  expect(lading.output()).not.toMatch(/uncaught|ERR_/i)
})

function answerTo(port: number, text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(text))
    socket.setTimeout(10_000, () => socket.destroy(new Error('no answer')))
    socket.once('data', (data) => {
      resolve(data.toString().slice(0, 40))
      socket.destroy()
    })
    socket.on('error', reject)
  })
}

import { connect } from 'node:net'
import { expect } from '@playwright/test'
import { callAction, serverActions } from '../lib/testing/servers/server-actions.ts'
import type { Person } from './people.ts'
import { SECRET, sessionOf, test, writes } from './scoped.ts'

const INTRUDERS: readonly (Person | 'nobody')[] = ['nobody', 'vera', 'otto', 'olga']

/** Ways around a proxy or a page's own check. */
const DETOURS: readonly Record<string, string>[] = [
  {},
  { RSC: '1' },
  { RSC: '1', 'next-router-prefetch': '1' },
  { 'x-middleware-subrequest': 'proxy:proxy:proxy:proxy:proxy' },
  { 'x-middleware-subrequest': 'src/proxy:src/proxy:src/proxy:src/proxy:src/proxy' },
  { 'x-forwarded-host': '127.0.0.1', 'x-forwarded-for': '127.0.0.1', 'x-real-ip': '127.0.0.1' },
]

test('nothing that a person without the right can fetch holds the secret repository’s name, tag or labels', async ({
  page,
  lading,
  scoped: { secret, signature },
}) => {
  test.setTimeout(90_000)
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

test('no server action of the build shows the secret or writes to the registry for who may not', async ({
  page,
  lading,
  scoped: { proxy, secret },
}) => {
  const scope = { registry: 'local', repository: SECRET.repository }
  const image = { ...scope, digest: secret.digest }
  const elsewhere = { registry: 'local', repository: 'team/stolen', tag: 'x', expect: null }
  // An action that is not here fails the test: whoever adds one says what it is called with.
  const inputs: Readonly<Record<string, unknown>> = {
    'session.ts startSession': {},
    'session.ts endSession': undefined,
    'repositories.ts listTreeLevel': { registry: 'local', prefix: 'secret' },
    'repositories.ts listRepositoryNames': undefined,
    'repositories.ts matchRepositories': '/./',
    'repositories.ts askRegistries': 'canary',
    'repositories.ts findTags': { ...scope, term: '' },
    'repositories.ts refreshListing': scope,
    'repositories.ts followRootListing': { registry: 'local' },
    'repositories.ts findReference': { repository: SECRET.repository, selector: SECRET.tag },
    'repositories.ts findDigest': { digest: secret.digest, near: [scope] },
    'repositories.ts findNearTags': { ...scope, tag: 'nearly' },
    'tags.ts lookUpTag': { ...scope, tag: SECRET.tag },
    'tags.ts readTagRow': { ...scope, tag: SECRET.tag },
    'tags.ts previewDeletion': { ...scope, target: secret.digest },
    'tags.ts retagTag': { ...scope, from: secret.digest, to: 'x', expect: null },
    'tags.ts deleteTag': { ...scope, tag: SECRET.tag, expect: secret.digest, siblings: [], strategy: 'allow-replace' },
    'tags.ts deleteImage': { ...image, expectTags: [SECRET.tag], force: true, layers: true },
    'tags.ts undoChange': { ...scope, change: '20260102T030405000Z-00000000-0000-4000-8000-000000000000' },
    'tags.ts checkTrashed': { ...scope, change: '20260102T030405000Z-00000000-0000-4000-8000-000000000000' },
    'jobs.ts listCopyTargets': undefined,
    'jobs.ts lookUpSource': { ...scope, reference: secret.digest },
    'jobs.ts lookUpDestination': { ...scope, tag: SECRET.tag },
    'jobs.ts copyImage': {
      source: { ...image, selector: secret.digest },
      destination: elsewhere,
      platforms: null,
      referrers: true,
    },
    'jobs.ts checkCompleteness': image,
    'jobs.ts hashWholeImage': { ...image, selector: secret.digest },
    'jobs.ts cancel': 'A'.repeat(22),
    'jobs.ts retry': 'A'.repeat(22),
    'jobs.ts countJobs': undefined,
    'audit.ts verifyAudit': undefined,
    'protection.ts addProtection': { name: 'Stolen', query: 'tag:x' },
    'protection.ts removeProtection': '00000000-0000-4000-8000-000000000000',
    'plans.ts planDeletion': { ...scope, select: { tags: [SECRET.tag] } },
    'plans.ts lookUpPlan': { id: 'A'.repeat(16), show: 'all', page: 1 },
    'plans.ts start': { id: 'A'.repeat(16), confirm: 1 },
    'plans.ts resume': 'A'.repeat(16),
    'plans.ts retryFailed': { id: 'A'.repeat(16) },
    'plans.ts dryRun': 'A'.repeat(16),
    'plans.ts undoBatch': 'A'.repeat(16),
    'plans.ts pause': 'A'.repeat(16),
    'plans.ts cancelRest': 'A'.repeat(16),
    'plans.ts tick': { id: 'A'.repeat(16), ticked: false },
    'plans.ts limitRate': { id: 'A'.repeat(16), rate: null },
    'tokens.ts makeToken': { name: 'Stolen', scopes: ['read'], days: 7 },
    'tokens.ts endToken': '00000000-0000-4000-8000-000000000000',
    'sync.ts followSyncs': undefined,
    'sync.ts syncNow': { ...scope, everything: true },
    'searches.ts suggestTerms': { text: 'repo:can', cursor: 8 },
    'searches.ts saveSearch': { name: 'Stolen', href: '/search?q=canary' },
    'searches.ts deleteSavedSearch': { id: '00000000-0000-4000-8000-000000000000' },
    'referrers.ts listSboms': image,
    'referrers.ts listStatements': image,
    'referrers.ts searchPackages': { ...image, index: 0, filter: '', offset: 0 },
  }
  const ids = await serverActions()
  expect([...ids.keys()].filter((name) => !(name in inputs))).toEqual([])
  for (const who of INTRUDERS) {
    const cookie = who === 'nobody' ? undefined : await sessionOf(page, who)
    const before = writes(proxy).length
    for (const [name, id] of ids) {
      const input = inputs[name]
      const args = input === undefined ? [] : [input]
      const { body } = await callAction({ url: lading.url, id, args, cookie, origin: lading.url })
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

test('pages carry a policy with a fresh nonce, allow no frame and are kept by no cache', async ({ lading }) => {
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

test('the image optimizer of the framework is off', async ({ lading }) => {
  for (const query of ['url=%2Ficon.svg&w=64&q=75', `url=${encodeURIComponent(lading.url)}&w=64&q=75`])
    expect((await fetch(`${lading.url}/_next/image?${query}`)).status).not.toBe(200)
})

test('an action takes no more than 256 KB, and none is answered without end', async ({ lading }) => {
  const id = (await serverActions()).get('repositories.ts matchRepositories') ?? ''
  const call = (argument: unknown) => callAction({ url: lading.url, id, args: [argument], origin: lading.url })
  const nested = JSON.parse(`${'['.repeat(1_000)}${']'.repeat(1_000)}`) as unknown
  for (const argument of ['a'.repeat(300 * 1024), nested]) {
    const began = Date.now()
    expect((await call(argument)).body).not.toContain('"ok":true')
    expect(Date.now() - began).toBeLessThan(5_000)
  }
  const answers = await Promise.all(Array.from({ length: 600 }, () => call('')))
  expect(answers.some(({ body }) => body.includes('access.too-many'))).toBe(true)
  expect((await fetch(`${lading.url}/sign-in`)).status).toBe(200)
  await expect.poll(async () => (await call('')).body.includes('access.too-many')).toBe(false)
})

test('malformed requests get an answer, and the server goes on', async ({ lading }) => {
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

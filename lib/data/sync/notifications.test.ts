import { createHmac } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { parse } from 'yaml'
import type { Actor } from '../../access/actor.ts'
import { notificationSetups } from '../../format/notification-setup.ts'
import { parseRepositoryName, parseTag } from '../../oci/reference.ts'
import { type DockerRegistry, startDockerRegistry } from '../../testing/servers/docker-registry.ts'
import { pushImage } from '../../testing/servers/images.ts'

// A real registry that sends its notifications to the real route.
const SECRET = 'a secret of the registry'
const rights = { grants: [], readOnly: false }
const anna: Actor = { kind: 'user', username: 'anna', groups: [], role: 'admin', ...rights }
const web: Actor = {
  kind: 'user',
  username: 'bo',
  groups: [],
  role: 'none',
  readOnly: false,
  grants: [{ subject: { user: 'bo' }, role: 'viewer', registry: 'hub', repository: 'web/**', allow: [] }],
}
const everything = { q: '', change: 'any', how: 'any', by: '', after: '' } as const
let folder: string
let server: DockerRegistry
let stopListening: () => void
let modules: Awaited<ReturnType<typeof load>>
let route: string

async function load() {
  const [events, history, again, follow] = await Promise.all([
    import('../../../app/api/events/[registry]/route.ts'),
    import('../history/read-history.ts'),
    import('./recheck.ts'),
    import('../history/follow-changes.ts'),
  ])
  return { ...events, ...history, ...again, ...follow }
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lading-data-'))
  const listener = createServer(async (request, response) => {
    const answer = await modules.POST(
      new Request('http://lading.test/api/events/hub', {
        method: 'POST',
        headers: { authorization: request.headers.authorization ?? '' },
        body: await text(request),
      }),
      { params: Promise.resolve({ registry: 'hub' }) },
    )
    response.writeHead(answer.status).end()
  })
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve))
  stopListening = () => void listener.close()
  route = `http://127.0.0.1:${(listener.address() as AddressInfo).port}/api/events/hub`
  // Set up by what the settings page says to copy.
  const [distribution] = notificationSetups(route, SECRET)
  const { notifications } = parse(distribution?.text ?? '')
  const [{ url, headers }] = notifications.endpoints
  server = await startDockerRegistry({ notifications: { url, authorization: headers.Authorization[0] } })
  await writeFile(join(folder, 'lading.yaml'), `registries:\n  - { name: hub, url: ${server.url} }\n`)
  process.env.LADING_CONFIG = join(folder, 'lading.yaml')
  process.env.DATA_DIR = folder
  process.env.EVENTS_SECRET = SECRET
  modules = await load()
  modules.startRechecks()
})
afterAll(async () => {
  stopListening()
  await server.stop()
  await rm(folder, { recursive: true, force: true })
})

const changes = async (actor = anna, q = '') =>
  (await modules.readActivity(actor, { ...everything, q })).entries.flatMap(({ kind, how, repository, tags }) =>
    tags.map((tag) => `${repository}:${tag} ${kind} (${how})`),
  )
const send = (
  body: unknown,
  headers: Record<string, string> = { authorization: SECRET },
  registry = 'hub',
  query = '',
) =>
  modules.POST(
    new Request(`http://lading.test/${query}`, {
      method: 'POST',
      headers,
      body: typeof body === 'string' ? body : JSON.stringify(body),
    }),
    { params: Promise.resolve({ registry }) },
  )
const pushOf = (repository: string, tag: string, action = 'push') => ({
  events: [{ action, target: { repository, tag }, actor: { name: 'mallory' } }],
})

it('records a push and a move as they happen, and refreshes an open page', async () => {
  await pushImage(server.url, 'web/app', ['latest'])
  await expect.poll(() => changes()).toEqual(['web/app:latest appeared (notification)'])
  const stop = new AbortController()
  const place = { registry: 'hub', repository: parseRepositoryName('web/app') }
  await new Promise((resolve) => setTimeout(resolve, 1))
  const seen = modules.followChanges(anna, place, stop.signal)
  await seen.next()
  const next = seen.next()
  const start = performance.now()
  await pushImage(server.url, 'web/app', ['latest'], { labels: { version: '2' } })
  expect((await next).value).toEqual({ isChanged: true })
  expect(performance.now() - start).toBeLessThan(10_000)
  stop.abort()
  await expect.poll(() => changes()).toContain('web/app:latest moved (notification)')
})

it('stores what the registry answers, whatever an event says', async () => {
  const before = await changes()
  // Replayed, out of order, about what was never there.
  for (const event of [pushOf('web/app', 'latest'), pushOf('web/app', 'latest', 'delete'), pushOf('no/such', '1')])
    expect((await send(event)).status).toBe(202)
  await new Promise((resolve) => setTimeout(resolve, 500))
  expect(await changes()).toEqual(before)
})

it('refuses forged, oversized and foreign events', async () => {
  const statusOf = async (...args: Parameters<typeof send>) => (await send(...args)).status
  expect(await statusOf(pushOf('web/app', 'latest'), {})).toBe(401)
  expect(await statusOf(pushOf('web/app', 'latest'), { authorization: 'Bearer wrong' })).toBe(401)
  expect(await statusOf(pushOf('web/app', 'latest'), { authorization: `bearer ${SECRET}` })).toBe(202)
  const basic = Buffer.from(`anyone:${SECRET}`).toString('base64')
  expect(await statusOf(pushOf('web/app', 'latest'), { authorization: `Basic ${basic}` })).toBe(202)
  expect(await statusOf('x'.repeat(1024 * 1024 + 1))).toBe(413)
  expect(await statusOf('not json')).toBe(400)
  expect(await statusOf({ some: 'document' })).toBe(400)
  expect(await statusOf(pushOf('web/app', 'latest'), { authorization: SECRET }, 'other')).toBe(404)
})

it('accepts events signed with the secret, and refuses those signed with another or changed since', async () => {
  const body = JSON.stringify(pushOf('web/app', 'latest'))
  const sign = (algorithm: string, secret = SECRET) => createHmac(algorithm, secret).update(body).digest('hex')
  const statusOf = async (header: string, value: string, sent = body) => (await send(sent, { [header]: value })).status
  for (const [header, algorithm, prefix] of [
    ['x-hub-signature-256', 'sha256', 'sha256='],
    ['x-nexus-webhook-signature', 'sha1', ''],
    ['x-jfrog-event-auth', 'sha256', ''],
  ] as const) {
    expect(await statusOf(header, prefix + sign(algorithm))).toBe(202)
    expect(await statusOf(header, prefix + sign(algorithm), `${body} `)).toBe(401)
    expect(await statusOf(header, prefix + sign(algorithm, 'wrong'))).toBe(401)
    expect(await statusOf(header, '')).toBe(401)
    expect(await statusOf(header, 'any', 'x'.repeat(1024 * 1024 + 1))).toBe(413)
  }
  expect(await statusOf('x-jfrog-event-auth', SECRET)).toBe(202)
  expect(await statusOf('x-hub-signature-256', SECRET)).toBe(401)
})

it('accepts what each product sends when set up as shown', async () => {
  const setups = new Map(
    notificationSetups('https://lading.example.com/api/events/hub', SECRET).map((one) => [one.product, one.text]),
  )
  const { credentials } = JSON.parse(setups.get('zot') ?? '').extensions.events.sinks[0]
  const [, header] = /^Auth header: (.+)$/m.exec(setups.get('Harbor') ?? '') ?? []
  const quay = new URL(setups.get('Quay') ?? '')
  const basic = (user: string, password: string) => `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`
  for (const authorization of [
    basic(credentials.username, credentials.password),
    header ?? '',
    basic(quay.username, decodeURIComponent(quay.password)),
  ])
    expect((await send(pushOf('web/app', 'latest'), { authorization })).status).toBe(202)
  const { search } = new URL(setups.get('Docker Hub') ?? '')
  expect((await send(pushOf('web/app', 'latest'), {}, 'hub', search)).status).toBe(202)
  expect((await send(pushOf('web/app', 'latest'), {}, 'hub', '?token=wrong')).status).toBe(401)
})

it('hides events in invisible repositories', async () => {
  await pushImage(server.url, 'secret/app', ['1'])
  await expect.poll(() => changes()).toContain('secret/app:1 appeared (notification)')
  expect((await changes(web)).filter((line) => line.includes('secret'))).toEqual([])
  expect(await changes(web)).toContain('web/app:latest moved (notification)')
  expect(await changes(web, 'repo:secret/**')).toEqual([])
  const secret = { registry: 'hub', repository: parseRepositoryName('secret/app') }
  await expect(modules.readRepositoryHistory(web, secret, everything)).rejects.toMatchObject({ name: 'AccessError' })
  await expect(modules.followChanges(web, secret, new AbortController().signal).next()).rejects.toMatchObject({
    name: 'AccessError',
  })
})

it('filters changes with the query language', async () => {
  expect(await changes(anna, 'tag:latest')).toEqual([
    'web/app:latest moved (notification)',
    'web/app:latest appeared (notification)',
  ])
  expect(await changes(anna, 'repo:secret/** moved:<1d')).toEqual(['secret/app:1 appeared (notification)'])
  expect(await changes(anna, '-repo:web/**')).toEqual(['secret/app:1 appeared (notification)'])
})

it('records Lading’s own change with its author', async () => {
  const { retagImage } = await import('../changes/retag.ts')
  const place = { registry: 'hub', repository: parseRepositoryName('web/app') }
  await retagImage(anna, { ...place, from: parseTag('latest'), to: parseTag('stable'), expect: null })
  await expect
    .poll(async () => (await modules.readRepositoryHistory(anna, place, everything)).entries[0])
    .toMatchObject({ kind: 'appeared', tags: ['stable'], how: 'change', actor: 'anna' })
})

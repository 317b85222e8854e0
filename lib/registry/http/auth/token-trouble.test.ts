import type { ServerResponse } from 'node:http'
import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { digestOf } from '../../../oci/digester.ts'
import { parseRepositoryName, parseTag } from '../../../oci/reference.ts'
import { startHttpServer } from '../../../testing/servers/http-server.ts'
import { collect } from '../../listing.ts'
import type { Repository } from '../../registry.ts'
import { createHttpRegistry } from '../http-registry.ts'

let answer: (response: ServerResponse) => void = () => {}
const server = await startHttpServer((request, response) => {
  if (request.url?.startsWith('/token')) return answer(response)
  const known = request.headers.authorization === 'Bearer good'
  const challenge = { 'www-authenticate': `Bearer realm="${server.url}/token",service="s"` }
  response.writeHead(known ? 200 : 401, known ? {} : challenge).end('{"tags":["1"]}')
})
const name = parseRepositoryName('team/app')
const digest = digestOf('x')
/** A new one each time, which holds no token. */
const open = () => createHttpRegistry({ name: 'r', url: server.url, timeouts: { retry: 1, longestWait: 200 } })
const withRegistry = async <T>(use: (repository: Repository) => Promise<T>): Promise<T> => {
  const registry = open()
  try {
    return await use(registry.repository(name))
  } finally {
    await registry.close()
  }
}
afterAll(() => server.stop())

const tokenRequests = () => server.requests.filter(({ path }) => path.startsWith('/token'))
const good = (response: ServerResponse) => void response.end('{"token":"good"}')
/** These answers one after the other, then tokens. */
const first = (...answers: ((response: ServerResponse) => void)[]) => {
  answer = (response) => (answers.shift() ?? good)(response)
}
const status =
  (code: number, headers = {}) =>
  (response: ServerResponse) =>
    void response.writeHead(code, headers).end('busy')
const reset = (response: ServerResponse) => void response.socket?.resetAndDestroy()
const list = () => withRegistry((repository) => collect(repository.tags()))
beforeEach(() => {
  server.requests.length = 0
})

const questions: readonly [string, (repository: Repository) => Promise<unknown>][] = [
  ['an empty list of tags', (repository) => collect(repository.tags())],
  ['a blob that is absent', (repository) => repository.statBlob(digest)],
  ['an empty list of referrers', (repository) => collect(repository.referrers(digest))],
  ['a manifest that is absent', (repository) => repository.manifest(parseTag('1'))],
  ['deletions that work', (repository) => repository.deletes()],
  ['no catalog', (repository) => repository.registry.capabilities()],
]

describe.each([404, 405, 410, 418, 501])('a token server that answers %i', (status) => {
  it.each(questions)('isn’t mistaken for %s', async (_name, ask) => {
    const body = '{"errors":[{"code":"NAME_UNKNOWN","message":"default backend"}]}'
    answer = (response) => response.writeHead(status, { 'content-type': 'application/json' }).end(body)
    await withRegistry((repository) =>
      expect(ask(repository)).rejects.toMatchObject({
        kind: 'unavailable',
        host: server.host,
        message: `the token server ${server.host} answered ${status}`,
        status: undefined,
      }),
    )
  })
})

describe('a failing token server', () => {
  it.each([
    ['500', status(500)],
    ['502', status(502)],
    ['503', status(503)],
    ['504', status(504)],
    ['408', status(408)],
    ['429', status(429)],
    ['a connection that breaks', reset],
  ])('is asked again after %s', async (_name, trouble) => {
    first(trouble, trouble)
    expect((await list()).items).toEqual(['1'])
    expect(tokenRequests()).toHaveLength(3)
  })

  it.each([
    ['503', status(503), { kind: 'unavailable', status: 503 }],
    ['429', status(429), { kind: 'rate-limited', status: 429 }],
    ['a connection that breaks', reset, { kind: 'unreachable', host: server.host }],
  ])('is asked three times and no more: %s', async (_name, trouble, expected) => {
    answer = trouble
    await expect(list()).rejects.toMatchObject(expected)
    expect(tokenRequests()).toHaveLength(3)
  })

  it.each([400, 401, 403, 404])('is asked once when it refuses: %i', async (code) => {
    answer = status(code)
    await expect(list()).rejects.toMatchObject({ name: 'RegistryError' })
    expect(tokenRequests()).toHaveLength(1)
  })

  it.each(['0.15', '3600'])('that asks to wait %s s is left alone, for 200 ms at most here', async (retryAfter) => {
    first(status(429, { 'retry-after': retryAfter }))
    await list()
    const [before, after] = tokenRequests()
    expect((after?.at ?? 0) - (before?.at ?? 0)).toBeGreaterThanOrEqual(145)
    expect((after?.at ?? 0) - (before?.at ?? 0)).toBeLessThan(1_500)
  })

  it('lets the caller leave while it asks to wait', async () => {
    first(status(429, { 'retry-after': '30' }))
    const registry = createHttpRegistry({ name: 'r', url: server.url })
    await expect(registry.ping({ signal: AbortSignal.timeout(100) })).rejects.toThrow('due to timeout')
    await registry.close()
  })
})

it('a refusal of any length costs no connection if no token can be fetched for it', async () => {
  const refusing = await startHttpServer((request, response) => {
    if (request.url?.startsWith('/token')) return void response.writeHead(403).end()
    if (request.url === '/v2/') return void response.end()
    response.writeHead(401, { 'www-authenticate': `Bearer realm="${refusing.url}/token",service="s"` })
    response.end(Buffer.alloc(8_000_000))
  })
  const registry = createHttpRegistry({ name: 'r', url: refusing.url })
  try {
    await expect(collect(registry.repository(name).tags())).rejects.toMatchObject({ kind: 'denied' })
    await expect.poll(() => refusing.abandoned).toContainEqual(expect.stringContaining('/tags/'))
  } finally {
    await registry.close()
    await refusing.stop()
  }
})

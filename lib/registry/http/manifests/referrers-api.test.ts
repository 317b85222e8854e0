import type { ServerResponse } from 'node:http'
import { afterAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { digestOf } from '../../../oci/digester.ts'
import { parseRepositoryName } from '../../../oci/reference.ts'
import { startHttpServer } from '../../../testing/servers/http-server.ts'
import { collect } from '../../listing.ts'
import { createHttpRegistry, type HttpRegistry } from '../http-registry.ts'

const INDEX = 'application/vnd.oci.image.index.v1+json'
const subject = digestOf('subject')
const descriptor = (of: string) => ({
  mediaType: 'application/x',
  digest: digestOf(of),
  size: 3,
  artifactType: 'x/sig',
})
const index = (...manifests: object[]) => JSON.stringify({ schemaVersion: 2, mediaType: INDEX, manifests })
const json = (response: ServerResponse, status: number, body: string, type = 'application/json') =>
  response.writeHead(status, { 'content-type': type }).end(body)
const gone = (response: ServerResponse) =>
  json(response, 404, '{"errors":[{"code":"NOT_FOUND","message":"project gone not found"}]}')

/** What the referrers API answers for a repository. */
let answer: (name: string, response: ServerResponse) => void
const server = await startHttpServer((request, response) => {
  const [, name] = /^\/v2\/(.+)\/referrers\//.exec(request.url ?? '') ?? []
  if (name !== undefined) answer(name, response)
  else if (request.url?.includes('/old/api/manifests/')) json(response, 200, index(descriptor('tagged')), INDEX)
  else json(response, 404, '{"errors":[{"code":"MANIFEST_UNKNOWN"}]}')
})
let registry: HttpRegistry
const list = async (name: string) => {
  const { items, end } = await collect(registry.repository(parseRepositoryName(name)).referrers(subject))
  return [items.map(({ digest }) => digest), end]
}
const asked = () => server.requests.filter(({ path }) => path.includes('/referrers/')).length
const found = [[digestOf('signature')], { complete: true }]
const none = [[], { complete: true }]
beforeEach(() => {
  server.requests.length = 0
  registry = createHttpRegistry({ name: 'r', url: server.url, timeouts: { retry: 1 } })
  return () => registry.close()
})
afterAll(() => server.stop())

describe('the referrers of a repository', () => {
  it.each([['before'], ['after']])('are there %s a look at a project that is gone', async (when) => {
    answer = (name, response) =>
      name.startsWith('gone/') ? gone(response) : json(response, 200, index(descriptor('signature')), INDEX)
    if (when === 'after') expect(await list('team/app')).toEqual(found)
    expect(await list('gone/project')).toEqual(none)
    expect(await list('team/app')).toEqual(found)
    expect(await list('team/other')).toEqual(found)
  })

  it('come from its tag if a registry without the API takes its path for an unknown name', async () => {
    const unknown = '{"errors":[{"code":"NAME_UNKNOWN","message":"repository old/api/referrers not found"}]}'
    answer = (_name, response) => json(response, 404, unknown)
    expect(await list('old/api')).toEqual([[digestOf('tagged')], { complete: true }])
    expect(await list('team/app')).toEqual(none)
  })

  it('come from its tag without the API, which is tried once in ten minutes', async () => {
    answer = (_name, response) => gone(response)
    const now = vi.spyOn(Date, 'now')
    const tagged = [[digestOf('tagged')], { complete: true }]
    for (let i = 0; i < 3; i++) expect(await list('old/api')).toEqual(tagged)
    expect(asked()).toBe(1)
    now.mockReturnValue(Date.now() + 600_001)
    answer = (_name, response) => json(response, 200, index(descriptor('signature')), INDEX)
    expect(await list('old/api')).toEqual(found)
    now.mockRestore()
  })

  it('are requested again after an invalid response, and aren’t empty if the API is known', async () => {
    answer = (_name, response) => json(response, 200, '<html>Sign in</html>', 'text/html')
    expect(await list('team/app')).toEqual(none)
    answer = (_name, response) => json(response, 200, index(descriptor('signature')), INDEX)
    expect(await list('team/app')).toEqual(found)
    answer = (_name, response) => json(response, 200, '{"manifests":[', INDEX)
    await expect(list('team/app')).rejects.toMatchObject({ kind: 'malformed' })
  })

  it('are listed beside an unreadable one, and the list says so', async () => {
    const unknown = { ...descriptor('x'), digest: 'nothing' }
    answer = (_name, response) => json(response, 200, index(unknown, descriptor('signature')), INDEX)
    expect(await list('team/app')).toEqual([
      [digestOf('signature')],
      { complete: false, reason: 'one of the entries isn’t valid and was left out' },
    ])
  })
})

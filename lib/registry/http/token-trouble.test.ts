import type { ServerResponse } from 'node:http'
import { afterAll, describe, expect, it } from 'vitest'
import { startHttpServer } from '../../../e2e/servers/http-server.ts'
import { digestOf } from '../../oci/digester.ts'
import { parseRepositoryName, parseTag } from '../../oci/reference.ts'
import { collect } from '../listing.ts'
import type { Repository } from '../registry.ts'
import { createHttpRegistry } from './http-registry.ts'

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

const questions: readonly [string, (repository: Repository) => Promise<unknown>][] = [
  ['an empty list of tags', (repository) => collect(repository.tags())],
  ['a blob that is absent', (repository) => repository.statBlob(digest)],
  ['an empty list of referrers', (repository) => collect(repository.referrers(digest))],
  ['a manifest that is absent', (repository) => repository.manifest(parseTag('1'))],
  ['deletions that work', (repository) => repository.deletes()],
  ['no catalog', (repository) => repository.registry.capabilities()],
]

describe.each([404, 405, 410, 418, 501])('a token server that answers %i', (status) => {
  it.each(questions)('is not taken for %s', async (_name, ask) => {
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

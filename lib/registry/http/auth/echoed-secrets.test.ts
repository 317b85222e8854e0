import type { IncomingMessage, ServerResponse } from 'node:http'
import { afterAll, expect, it } from 'vitest'
import { parseRepositoryName, parseTag } from '../../../oci/reference.ts'
import { startHttpServer } from '../../../testing/servers/http-server.ts'
import { createHttpRegistry, type HttpRegistryOptions } from '../http-registry.ts'

// A server that tells what it was sent, as servers for debugging do.
const PASSWORD = 'correct horse & battery'
const IDENTITY = 'the-identity-token'
const TOKEN = 'the.bearer.token'
let realm = ''
type Place = 'registry' | 'token server'
let failsAt = 'registry' as Place
const server = await startHttpServer((request, response) => answer(request, response))
afterAll(() => server.stop())

function answer(request: IncomingMessage, response: ServerResponse): void {
  const { authorization = '' } = request.headers
  const body = server.requests.at(-1)?.body ?? ''
  const isTokenServer = request.url?.startsWith('/token') === true
  if (isTokenServer && failsAt === 'registry') return void response.end(JSON.stringify({ token: TOKEN }))
  if (!isTokenServer && (authorization === '' || failsAt === 'token server'))
    return void response.writeHead(401, { 'www-authenticate': realm || 'Basic realm="r"' }).end()
  const login = Buffer.from(authorization.replace(/^\w+ /, ''), 'base64').toString('latin1')
  const errors = [
    { code: `SENT ${authorization}`, message: `the request was ${authorization} (${login}) with ${body}` },
    { code: 'DENIED', message: 'no' },
  ]
  response.writeHead(isTokenServer ? 401 : 403, { warning: `299 - "${authorization}"` }).end(JSON.stringify({ errors }))
}

const BASIC = { username: 'robot', password: PASSWORD }

it.each<[string, string, Place, HttpRegistryOptions['credentials']]>([
  ['a password', 'Basic', 'registry', BASIC],
  ['a token', 'Bearer', 'registry', BASIC],
  ['a password', 'Bearer', 'token server', BASIC],
  ['an identity token', 'Bearer', 'token server', async () => ({ identityToken: IDENTITY })],
])('%s that is repeated in an answer is never passed on (%s %s)', async (_what, scheme, where, credentials) => {
  failsAt = where
  realm = scheme === 'Basic' ? '' : `Bearer realm="${server.url}/token",service="s"`
  const registry = createHttpRegistry({ name: 'r', url: server.url, credentials, timeouts: { retry: 1 } })
  const repository = registry.repository(parseRepositoryName('team/app'))
  const error: unknown = await repository.manifest(parseTag('1')).catch((reason: unknown) => reason)
  expect(error).toMatchObject({ kind: where === 'registry' ? 'denied' : 'unauthorized' })
  const { message, detail = '', codes } = error as { message: string; detail?: string; codes: readonly string[] }
  const all = [message, detail, ...codes].join(' ').toLowerCase()
  const forms = [PASSWORD, encodeURIComponent(PASSWORD), 'correct+horse', btoa(`robot:${PASSWORD}`), IDENTITY, TOKEN]
  for (const form of forms) expect(all).not.toContain(form.toLowerCase())
  expect(codes).toContain('DENIED')
  await registry.close()
})

it('what an answer means doesn’t depend on whether a word of it is the password', async () => {
  const refusing = await startHttpServer((request, response) => {
    if (!request.headers.authorization)
      return void response.writeHead(401, { 'www-authenticate': 'Basic realm="r"' }).end()
    const errors = [{ code: 'UNSUPPORTED', message: 'the tag is immutable' }]
    response.writeHead(400).end(JSON.stringify({ errors }))
  })
  for (const password of ['unsupported', 'immutable', 'other']) {
    const credentials = { username: 'robot', password }
    const registry = createHttpRegistry({ name: 'r', url: refusing.url, credentials, timeouts: { retry: 1 } })
    const repository = registry.repository(parseRepositoryName('team/app'))
    const content = { bytes: Buffer.from('{"schemaVersion":2}'), mediaType: 'application/vnd.oci.image.index.v1+json' }
    const put = repository.putManifest(parseTag('1'), content)
    await expect(put).rejects.toMatchObject({ kind: 'denied', reason: 'immutable-tag', codes: ['UNSUPPORTED'] })
    await registry.close()
  }
  await refusing.stop()
})

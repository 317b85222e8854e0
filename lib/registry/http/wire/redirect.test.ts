import { randomBytes } from 'node:crypto'
import { buffer } from 'node:stream/consumers'
import { afterAll, afterEach, describe, expect, it } from 'vitest'
import { parseRepositoryName, parseTag } from '../../../oci/reference.ts'
import { startCanary } from '../../../testing/servers/canary.ts'
import { startDockerRegistry } from '../../../testing/servers/docker-registry.ts'
import { startFaultProxy } from '../../../testing/servers/fault-proxy.ts'
import { startHttpServer } from '../../../testing/servers/http-server.ts'
import { imageFor } from '../../contract/samples.ts'
import { createHttpRegistry } from '../http-registry.ts'
import { parseEndpoint } from './endpoint.ts'
import { redirectTarget, sameOrigin } from './redirect.ts'

const credentials = { username: 'ann', password: 'canary-secret' }
const server = await startDockerRegistry({ htpasswd: credentials })
const proxy = await startFaultProxy(server.url)
const canary = await startCanary()
/** Another host that serves blobs to anyone, as storage behind a registry does. */
const storage = await startHttpServer((_request, response) => {
  response.writeHead(200, { 'content-length': bytes.length }).end(bytes)
})
const bytes = randomBytes(2_000)
const registry = createHttpRegistry({ name: 'r', url: proxy.url, credentials, timeouts: { retry: 1 } })
const repository = registry.repository(parseRepositoryName('team/app'))
const tag = parseTag('1')
await repository.putManifest(tag, await imageFor(repository))
const blob = await repository.putBlob(bytes)
afterEach(() => {
  proxy.clear()
  proxy.requests.length = 0
  canary.requests.length = 0
})
afterAll(async () => {
  await registry.close()
  for (const each of [proxy, canary, storage, server]) await each.stop()
})

describe('credentials', () => {
  it('don’t follow a redirect, and another host that asks for them gets none', async () => {
    proxy.on({ path: '/manifests/', fault: { kind: 'redirect', to: `${canary.url}/steal` } })
    await expect(repository.manifest(tag)).rejects.toMatchObject({ status: 401, host: canary.host })
    expect(canary.requests.map(({ path }) => path)).toEqual(['/steal'])
    expect(canary.leaks()).toEqual([])
  })

  it('don’t return to the registry on the way back', async () => {
    const back = await startHttpServer((_request, response) => {
      response.writeHead(307, { location: `${proxy.url}/v2/team/app/tags/list` }).end()
    })
    proxy.on({ path: '/manifests/', fault: { kind: 'redirect', to: `${back.url}/back` } })
    await expect(repository.manifest(tag)).rejects.toMatchObject({ kind: 'unauthorized' })
    await back.stop()
  })

  it('aren’t requested by a token server on another host', async () => {
    const challenge = `Bearer realm="http://localhost:${canary.port}/token",service="s"`
    proxy.on({ fault: { kind: 'answer', status: 401, headers: { 'www-authenticate': challenge } } })
    const fresh = createHttpRegistry({ name: 'r', url: proxy.url, credentials })
    await expect(fresh.ping()).rejects.toMatchObject({ kind: 'unsafe-redirect' })
    expect(canary.requests).toEqual([])
    await fresh.close()
  })

  it.each([
    ['another host', () => `${canary.url}/steal`],
    ['nowhere', () => 'http://169.254.169.254/'],
  ])('are asked for by the registry alone, also where /v2/ redirects to %s', async (_name, to) => {
    proxy.on({ path: /\/v2\/$/, fault: { kind: 'redirect', to: to() } })
    const fresh = createHttpRegistry({ name: 'r', url: proxy.url, credentials, timeouts: { retry: 1 } })
    expect((await fresh.repository(repository.name).manifest(tag)).kind).toBe('oci-image')
    expect(canary.requests.filter(({ path }) => path !== '/steal')).toEqual([])
    expect(canary.leaks()).toEqual([])
    await fresh.close()
  })

  it('are never part of an error', async () => {
    const wrong = createHttpRegistry({
      name: 'r',
      url: proxy.url,
      credentials: { username: 'ann', password: 'canary-wrong' },
    })
    const error: unknown = await wrong.ping().catch((reason: unknown) => reason)
    expect(error).toMatchObject({ kind: 'unauthorized' })
    expect(JSON.stringify(error, Object.getOwnPropertyNames(error)) + String(error)).not.toMatch(
      /canary-|Y2FuYXJ5|ann:/,
    )
    await wrong.close()
  })
})

it('follows a redirect of a blob to storage, without credentials, and verifies the content', async () => {
  proxy.on({ method: 'GET', path: '/blobs/', fault: { kind: 'redirect', to: `${storage.url}/signed?key=1` } })
  const read = await repository.blob(blob.digest)
  expect((await buffer(read.stream)).equals(bytes)).toBe(true)
  expect(storage.requests.at(-1)?.headers.authorization).toBeUndefined()
})

it.each([401, 403, 400])('says that storage refused, and not the registry, when storage answers %i', async (status) => {
  const refusing = await startHttpServer((_request, response) => {
    response.writeHead(status).end('<Error><Code>AccessDenied</Code></Error>')
  })
  proxy.on({ method: 'GET', path: '/blobs/', fault: { kind: 'redirect', to: `${refusing.url}/signed` } })
  const refused = { kind: 'denied', reason: 'storage-refused', status, host: refusing.host }
  await expect(repository.blob(blob.digest)).rejects.toMatchObject(refused)
  await refusing.stop()
})

it('gives up a redirect loop', async () => {
  proxy.on({ path: '/manifests/', fault: { kind: 'redirect-loop' } })
  await expect(repository.manifest(tag)).rejects.toMatchObject({ kind: 'unsafe-redirect' })
  expect(proxy.count('GET', '/manifests/')).toBe(11)
})

it('sends no upload to another host', async () => {
  const location = { location: `${canary.url}/v2/team/app/blobs/uploads/1?state=x` }
  proxy.on({ method: 'POST', path: '/uploads/', fault: { kind: 'headers', headers: location } })
  await expect(repository.putBlob(randomBytes(10))).rejects.toMatchObject({ kind: 'unsafe-redirect' })
  proxy.on({ method: 'PUT', path: '/manifests/', fault: { kind: 'redirect', to: `${canary.url}/x` } })
  const content = {
    mediaType: 'application/vnd.oci.image.index.v1+json',
    bytes: Buffer.from('{"schemaVersion":2,"manifests":[]}'),
  }
  await expect(repository.putManifest(tag, content)).rejects.toMatchObject({ kind: 'unsafe-redirect' })
  expect(canary.requests).toEqual([])
})

describe('an address', () => {
  const endpoint = parseEndpoint('https://registry.example.com/prefix')
  const from = { origin: endpoint.origin, path: '/prefix/v2/a/blobs/x' }

  it.each([
    'http://registry.example.com/x',
    'http://storage.example.com/x',
    'https://169.254.169.254/latest/meta-data',
    'https://[fe80::1]/x',
    'https://[::ffff:169.254.169.254]/x',
    'https://127.0.0.1/x',
    'https://localhost/x',
    'https://0.0.0.0/x',
    'ftp://registry.example.com/x',
    'file:///etc/passwd',
  ])('%s isn’t followed', (location) => {
    expect(() => redirectTarget(endpoint, from, location, 'GET')).toThrow()
  })

  it('on storage elsewhere is followed by GET alone', () => {
    const location = 'https://storage.example.com/x?sig=1'
    expect(redirectTarget(endpoint, from, location, 'GET')).toEqual({
      origin: 'https://storage.example.com',
      path: '/x?sig=1',
    })
    expect(() => redirectTarget(endpoint, from, location, 'PUT')).toThrow()
  })

  it('for an upload keeps its query, regains the prefix that a proxy removed, and stays on https', () => {
    const target = { origin: 'https://registry.example.com', path: '/prefix/v2/a/blobs/uploads/1?_state=x' }
    for (const location of [
      '/v2/a/blobs/uploads/1?_state=x',
      'http://registry.example.com/prefix/v2/a/blobs/uploads/1?_state=x',
    ])
      expect(sameOrigin(endpoint, from, location)).toEqual(target)
    for (const location of [
      'https://registry.example.com:8443/x',
      'https://evil.example.com/x',
      '//evil.example.com/x',
    ])
      expect(() => sameOrigin(endpoint, from, location)).toThrow()
  })
})

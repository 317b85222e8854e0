import { randomBytes } from 'node:crypto'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { digestOf } from '../../oci/digester.ts'
import { parseRepositoryName, parseTag } from '../../oci/reference.ts'
import { makeCertificates } from '../../testing/servers/certificates.ts'
import { startDockerRegistry } from '../../testing/servers/docker-registry.ts'
import { htmlPage, rateLimited, startFaultProxy } from '../../testing/servers/fault-proxy.ts'
import { freePort } from '../../testing/servers/free-port.ts'
import type { Answer } from '../../testing/servers/http-server.ts'
import { imageFor } from '../contract/samples.ts'
import { createHttpRegistry } from './http-registry.ts'

const server = await startDockerRegistry()
const proxy = await startFaultProxy(server.url)
const timeouts = { headers: 1_000, idle: 1_000, retry: 5, longestWait: 300 }
const registry = createHttpRegistry({ name: 'r', url: proxy.url, timeouts })
const name = parseRepositoryName('team/app')
const repository = registry.repository(name)
const tag = parseTag('1')
const image = await repository.putManifest(tag, await imageFor(repository))
const bytes = randomBytes(1_000_000)
const { digest } = await repository.putBlob(bytes)
beforeEach(() => {
  proxy.clear()
  proxy.requests.length = 0
})
afterAll(async () => {
  await registry.close()
  await proxy.stop()
  await server.stop()
})
const asked = (method: string, path: string) =>
  proxy.requests.filter((r) => r.method === method && r.path.includes(path)).length
const answer = (status: number) => ({ kind: 'answer', status, body: 'trouble' }) as const

describe('a failing registry', () => {
  it.each([500, 502, 503, 504, 408])('is asked again after %i', async (status) => {
    proxy.on({ path: '/manifests/', nth: [1, 2], fault: answer(status) })
    expect((await repository.manifest(tag)).digest).toBe(image.digest)
  })

  it('is asked three times and no more', async () => {
    proxy.on({ path: '/manifests/', fault: answer(503) })
    await expect(repository.manifest(tag)).rejects.toMatchObject({ kind: 'unavailable', status: 503, host: proxy.host })
    expect(asked('GET', '/manifests/')).toBe(3)
  })

  it('is asked again after a broken connection, before or during the response', async () => {
    proxy.on({ path: '/manifests/', nth: 1, fault: { kind: 'reset' } })
    proxy.on({ path: '/manifests/', nth: 1, fault: { kind: 'truncate', bytes: 20 } })
    expect((await repository.manifest(tag)).digest).toBe(image.digest)
    expect(asked('GET', '/manifests/')).toBe(3)
  })

  it.each([
    ['seconds', () => '0.2'],
    ['a date', () => new Date(Date.now() + 1_500).toUTCString()],
    ['an hour, cut to the longest wait', () => '3600'],
  ])('that asks to wait by %s is left alone meanwhile', async (_name, retryAfter) => {
    proxy.on({ path: '/manifests/', nth: 1, fault: rateLimited(retryAfter()) })
    await repository.manifest(tag)
    const [first, second] = proxy.requests
    const waited = (second?.at ?? 0) - (first?.at ?? 0)
    expect(waited).toBeGreaterThanOrEqual(190)
    expect(waited).toBeLessThan(2_000)
  })

  it('reports how long it asked to wait', async () => {
    proxy.on({ path: '/manifests/', fault: rateLimited(3600) })
    await expect(repository.manifest(tag)).rejects.toMatchObject({
      kind: 'rate-limited',
      retryAfter: 3_600_000,
      codes: ['TOOMANYREQUESTS'],
    })
  })

  it('isn’t sent an upload twice that it may have accepted', async () => {
    proxy.on({ method: 'PUT', path: '/blobs/uploads/', nth: 1, fault: { kind: 'reset' } })
    const other = randomBytes(100)
    const upload = repository.putBlob(Readable.from([other]), { digest: digestOf(other), size: 100 })
    await expect(upload).rejects.toMatchObject({ kind: 'unreachable' })
    expect(asked('PUT', '/uploads/')).toBe(1)
  })

  it('that doesn’t answer in time is given up', async () => {
    proxy.on({ path: '/manifests/', fault: { kind: 'slow-headers', ms: 5_000 } })
    await expect(repository.manifest(tag)).rejects.toMatchObject({ kind: 'timeout' })
  })

  it('lets the caller leave while it waits', async () => {
    proxy.on({ path: '/manifests/', fault: { kind: 'slow-headers', ms: 5_000 } })
    await expect(repository.manifest(tag, { signal: AbortSignal.timeout(50) })).rejects.toThrow('due to timeout')
  })

  it('that is down isn’t asked for a while after some tries', async () => {
    const port = await freePort()
    const down = createHttpRegistry({ name: 'down', url: `http://127.0.0.1:${port}` })
    const ask = () => down.repository(repository.name).resolve(tag)
    for (let i = 0; i < 5; i++) await expect(ask()).rejects.toMatchObject({ kind: 'unreachable' })
    await expect(ask()).rejects.toMatchObject({ kind: 'unreachable', retryAfter: expect.any(Number) })
  })
})

describe('wrong bytes', () => {
  it('of a manifest requested by digest are refused', async () => {
    proxy.on({ path: '/manifests/', fault: { kind: 'flip-byte', at: 30 } })
    await expect(repository.manifest(image.digest)).rejects.toMatchObject({
      kind: 'digest-mismatch',
      expected: image.digest,
    })
  })

  it('of a manifest requested by tag have their own digest, whatever the header says', async () => {
    const headers = { 'docker-content-digest': digestOf('a lie') }
    proxy.on({ path: '/manifests/', fault: { kind: 'headers', headers } })
    expect((await repository.manifest(tag)).digest).toBe(image.digest)
  })

  it('of a blob fail the stream before its end', async () => {
    proxy.on({ method: 'GET', path: '/blobs/', fault: { kind: 'flip-byte', at: 999_999 } })
    const { stream } = await repository.blob(digest)
    await expect(buffer(stream)).rejects.toMatchObject({ kind: 'digest-mismatch' })
    await expect(repository.blobBytes(digest)).rejects.toMatchObject({ kind: 'digest-mismatch' })
  })

  it.each([-10, 10])('of a blob whose length is wrong by %i are refused', async (by) => {
    proxy.on({ method: 'GET', path: '/blobs/', fault: { kind: 'wrong-length', by } })
    await expect(repository.blob(digest).then(({ stream }) => buffer(stream))).rejects.toMatchObject({
      name: 'RegistryError',
    })
  })
})

describe('a blob that breaks off', () => {
  it('is resumed where it broke, up to three times, and hashed whole', async () => {
    for (const cut of [200_000, 300_000, 100_000])
      proxy.on({ method: 'GET', path: '/blobs/', nth: 1, fault: { kind: 'truncate', bytes: cut } })
    const { stream, size, verified } = await repository.blob(digest)
    expect((await buffer(stream)).equals(bytes)).toBe(true)
    expect([size, verified]).toEqual([bytes.length, true])
    expect(proxy.requests.flatMap(({ headers }) => headers.range ?? [])).toEqual([
      'bytes=200000-',
      'bytes=500000-',
      'bytes=600000-',
    ])
  })

  it('is reported as truncated if it always breaks, naming its digest', async () => {
    proxy.on({ method: 'GET', path: '/blobs/', fault: { kind: 'truncate', bytes: 1_000 } })
    const { stream } = await repository.blob(digest)
    await expect(buffer(stream)).rejects.toMatchObject({
      kind: 'size-mismatch',
      message: expect.stringContaining(digest),
    })
    expect(asked('GET', '/blobs/')).toBe(4)
  })

  it('isn’t resumed with a part that begins elsewhere', async () => {
    proxy.on({ method: 'GET', path: '/blobs/', nth: 1, fault: { kind: 'truncate', bytes: 1_000 } })
    proxy.on({
      method: 'GET',
      path: '/blobs/',
      fault: { kind: 'headers', headers: { 'content-range': 'bytes 0-998999/1000000' } },
    })
    const { stream } = await repository.blob(digest)
    await expect(buffer(stream)).rejects.toMatchObject({ kind: 'malformed' })
  })

  it('closes its connection when nobody reads on', async () => {
    const { stream } = await repository.blob(digest)
    stream.destroy()
    expect((await repository.blobBytes(digest)).length).toBe(bytes.length)
  })
})

describe('too much', () => {
  it.each([
    ['a manifest', '/manifests/', () => repository.manifest(tag)],
    ['a small blob', '/blobs/', () => repository.blobBytes(digest)],
  ])('is refused for %s that never ends, in flat memory', async (_name, path, read) => {
    proxy.on({ method: 'GET', path, fault: { kind: 'endless', chunk: 'x'.repeat(65_536) } })
    const before = process.memoryUsage().rss
    await expect(read()).rejects.toMatchObject({ kind: 'too-large' })
    expect(process.memoryUsage().rss - before).toBeLessThan(100 * 1024 * 1024)
  })

  it('is refused before it is read if announced', async () => {
    await expect(repository.blobBytes(digest, { limit: 1_000 })).rejects.toMatchObject({ kind: 'too-large' })
  })

  it.each([
    ['a manifest', '/manifests/', () => repository.manifest(tag)],
    ['a small blob', '/blobs/', () => repository.blobBytes(digest)],
  ])('is refused for %s announced with more than 8 MiB', async (_name, path, read) => {
    const headers = { 'content-length': `${8 * 1024 * 1024 + 1}` }
    proxy.on({ method: 'GET', path, fault: { kind: 'endless', chunk: 'x'.repeat(65_536), headers } })
    await expect(read()).rejects.toMatchObject({ kind: 'too-large' })
  })

  it.each([
    ['long', { kind: 'answer', status: 403, body: 'x'.repeat(1_000_000) }],
    ['endless', { kind: 'endless', status: 403, chunk: 'x'.repeat(65_536) }],
  ] as const)('of a %s explanation doesn’t hide the error', async (_name, fault) => {
    proxy.on({ path: '/manifests/', fault })
    const before = process.memoryUsage().rss
    await expect(repository.manifest(tag)).rejects.toMatchObject({ kind: 'denied', status: 403 })
    expect(process.memoryUsage().rss - before).toBeLessThan(64 * 1024 * 1024)
  })

  it('includes explanations up to 64 KiB, which are reported', async () => {
    const told = async (size: number) => {
      const body = JSON.stringify({ errors: [{ code: 'DENIED', message: 'not you' }] }).padEnd(size)
      proxy.on({ path: '/manifests/', nth: 1, fault: { kind: 'answer', status: 403, body } })
      return repository.manifest(tag).catch((error: unknown) => error)
    }
    expect(await told(65_536)).toMatchObject({ kind: 'denied', codes: ['DENIED'] })
    expect(await told(65_537)).toMatchObject({ kind: 'denied', codes: [] })
  })
})

it('requests bytes uncompressed, and unpacks nothing that is compressed nevertheless', async () => {
  const headers = { 'content-type': image.mediaType, 'content-encoding': 'gzip' }
  const body = gzipSync('{}')
  proxy.on({ path: '/manifests/', fault: { kind: 'answer', status: 200, headers, body } })
  await expect(repository.manifest(image.digest)).rejects.toMatchObject({
    kind: 'digest-mismatch',
    found: digestOf(body),
  })
  await repository.blobBytes(digest)
  await repository.statBlob(digest)
  const encodings = proxy.requests.map(({ headers: sent }) => sent['accept-encoding'])
  expect(encodings).toEqual(['identity', 'identity', 'identity'])
})

describe('a response that isn’t one', () => {
  it('is recognised: a web page for a manifest and at /v2/', async () => {
    proxy.on({ fault: htmlPage() })
    await expect(repository.manifest(tag)).rejects.toMatchObject({ kind: 'malformed' })
    await expect(registry.ping()).rejects.toMatchObject({ kind: 'malformed' })
  })

  it.each([
    ['a byte order mark before it', '\uFEFF{"schemaVersion":2}'],
    ['half a document', '{"schemaVersion":2,"manifests":['],
    ['nothing', ''],
    ['bytes that aren’t text', Buffer.from([0xff, 0xfe, 0x00, 0xd8])],
  ])('is recognised: %s', async (_name, body) => {
    const headers = { 'content-type': image.mediaType }
    proxy.on({ path: '/manifests/', fault: { kind: 'answer', status: 200, headers, body } })
    await expect(repository.manifest(tag)).rejects.toMatchObject({
      name: expect.stringMatching(/^(?:Registry|Format)Error$/),
    })
    expect(asked('GET', '/manifests/')).toBe(1)
  })

  it('shows no web page in its detail', async () => {
    proxy.on({ fault: htmlPage(502) })
    const error: unknown = await repository.manifest(tag).catch((reason: unknown) => reason)
    expect(error).toMatchObject({ kind: 'unavailable' })
    expect(error).toHaveProperty('detail', undefined)
  })

  it.each([
    [404, { errors: [{ code: 'NAME_UNKNOWN' }] }, 'not-found'],
    [400, { errors: [{ code: 'NAME_UNKNOWN' }] }, 'not-found'],
    [403, { details: 'no' }, 'denied'],
    [401, {}, 'unauthorized'],
    [405, {}, 'unsupported'],
    [418, {}, 'malformed'],
  ])('%i %j is %s', async (status, body, kind) => {
    proxy.on({ path: '/manifests/', fault: { kind: 'answer', status, body: JSON.stringify(body) } })
    await expect(repository.manifest(tag)).rejects.toMatchObject({ kind, status })
  })
})

it.each([400, 403, 405])('resolves by GET where HEAD is refused with %i', async (status) => {
  proxy.on({ method: 'HEAD', fault: { kind: 'answer', status } })
  expect(await repository.resolve(tag)).toEqual(image)
  expect([asked('HEAD', '/manifests/1'), asked('GET', '/manifests/1')]).toEqual([1, 1])
  await expect(repository.resolve(parseTag('absent'))).rejects.toMatchObject({ kind: 'not-found' })
})

it('treats a refused GET as the answer when HEAD is refused too', async () => {
  proxy.on({ path: '/manifests/', fault: answer(403) })
  await expect(repository.resolve(tag)).rejects.toMatchObject({ kind: 'denied', status: 403 })
})

// Static servers and some proxies: containerd/cri#787, yusing/godoxy#169.
it.each([
  ['no digest', { 'docker-content-digest': undefined }],
  ['a length of 0', { 'content-length': '0' }],
  ['a media type that is no manifest’s', { 'content-type': 'application/json; charset=utf-8' }],
])('resolves by GET where HEAD gives %s', async (_name, headers) => {
  proxy.on({ method: 'HEAD', fault: { kind: 'headers', headers } })
  expect(await repository.resolve(tag)).toEqual(image)
})

describe('an upload in chunks', () => {
  const content = randomBytes(20_000_000)
  const chunks = () =>
    Readable.from(
      (function* () {
        for (let at = 0; at < content.length; at += 1_000_000) yield content.subarray(at, at + 1_000_000)
      })(),
    )

  it('continues where the registry says after a break and after 416', async () => {
    proxy.on({ method: 'PATCH', nth: 1, fault: { kind: 'reset' } })
    proxy.on({ method: 'PATCH', nth: 1, fault: { kind: 'answer', status: 416 } })
    expect(await repository.putBlob(chunks())).toEqual({ digest: digestOf(content), size: content.length })
    expect((await repository.statBlob(digestOf(content)))?.size).toBe(content.length)
  })

  it('goes on where it is if the registry names no other place', async () => {
    const seen: (string | undefined)[] = []
    const answer: Answer = ({ method, url }, response) => {
      seen.push(`${method} ${url?.split('/').at(-1)?.split('?')[0]}`)
      if (method === 'POST') response.writeHead(202, { location: `/v2/${name}/blobs/uploads/1` }).end()
      else response.writeHead(method === 'PUT' ? 201 : 202).end()
    }
    proxy.on({ path: '/blobs/uploads/', fault: { kind: 'handle', answer } })
    expect(await repository.putBlob(chunks())).toEqual({ digest: digestOf(content), size: content.length })
    expect(seen).toEqual(['POST ', 'PATCH 1', 'PATCH 1', 'PATCH 1', 'PUT 1'])
  })

  it('sends chunks as large as the registry wants', async () => {
    const headers = { 'oci-chunk-min-length': '12000000' }
    proxy.on({ method: 'POST', path: '/uploads/', fault: { kind: 'headers', headers } })
    await repository.putBlob(chunks())
    expect(
      proxy.requests.flatMap(({ method, headers: h }) => (method === 'PATCH' ? [h['content-range']] : [])),
    ).toEqual(['0-11999999', '12000000-19999999'])
  })
})

describe('a connection that is not secure', async () => {
  const good = await makeCertificates()
  const old = await makeCertificates({ expired: true })
  const other = await makeCertificates({ names: ['DNS:other.example.com'] })
  const ping = async (url: string, ca?: string) => {
    const each = createHttpRegistry({ name: 't', url, ca })
    await each.ping().finally(() => each.close())
  }

  it('is made with the configured CA', async () => {
    await using secure = await startFaultProxy(server.url, { tls: good })
    await expect(ping(secure.url, good.ca)).resolves.toBeUndefined()
  })

  it.each([
    ['an authority that is unknown', good, undefined, 'untrusted-certificate'],
    ['an expired certificate', old, old.ca, 'certificate-dates'],
    ['a certificate for another name', other, other.ca, 'certificate-name'],
  ])('is refused for %s, which the error names', async (_name, tls, ca, reason) => {
    await using secure = await startFaultProxy(server.url, { tls })
    await expect(ping(secure.url, ca)).rejects.toMatchObject({ kind: 'tls', reason })
  })

  it('is refused for the wrong scheme, either way', async () => {
    await expect(ping(proxy.url.replace('http:', 'https:'))).rejects.toMatchObject({ kind: 'tls', reason: 'no-tls' })
    await using secure = await startDockerRegistry({ tls: good })
    await expect(ping(secure.url.replace('https:', 'http:'))).rejects.toMatchObject({
      kind: 'tls',
      reason: 'needs-tls',
    })
  })
})

describe('a tag that a rule makes immutable', () => {
  it.each([
    [412, '{"errors":[{"code":"PRECONDITION","message":"configured as immutable"}]}'],
    [400, '{"errors":[{"code":"TAG_INVALID","message":"the tag cannot be overwritten because it is immutable"}]}'],
  ])('is distinguished from a missing right: %i', async (status, body) => {
    proxy.on({ method: 'PUT', path: '/manifests/', fault: { kind: 'answer', status, body } })
    await expect(repository.putManifest(tag, await imageFor(repository))).rejects.toMatchObject({
      kind: 'denied',
      reason: 'immutable-tag',
    })
  })
})

describe('an image that a policy of the registry blocks', () => {
  // Harbor (goharbor/harbor#22650) answers so to HEAD too, without words; Artifactory with Xray refuses the GET alone.
  it.each([
    [412, { code: 'PROJECTPOLICYVIOLATION', message: 'The image is not signed by cosign.' }],
    [403, { status: 403, message: 'Artifact download request rejected: due to the download blocking policy in Xray' }],
  ])(
    'is distinguished from an immutable tag and a missing right, in the registry’s words: %i',
    async (status, said) => {
      proxy.on({ path: '/manifests/', fault: { kind: 'answer', status, body: JSON.stringify({ errors: [said] }) } })
      const refusal = { kind: 'denied', reason: 'blocked-by-policy', status, detail: said.message }
      await expect(repository.manifest(tag)).rejects.toMatchObject(refusal)
      await expect(repository.resolve(tag)).rejects.toMatchObject(refusal)
    },
  )
})

it('talks to an IPv6 address', async () => {
  const six = await startFaultProxy(server.url, { address: '::1' })
  const each = createHttpRegistry({ name: 'six', url: six.url })
  expect(each.publicHost).toBe(`[::1]:${six.port}`)
  expect((await each.repository(name).manifest(tag)).digest).toBe(image.digest)
  await each.close()
  await six.stop()
})

import { randomBytes } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { buffer } from 'node:stream/consumers'
import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { digestOf } from '../../../oci/digester.ts'
import { parseRepositoryName } from '../../../oci/reference.ts'
import { startHttpServer } from '../../../testing/servers/http-server.ts'
import { createHttpRegistry } from '../http-registry.ts'

const bytes = randomBytes(300_000)
const digest = digestOf(bytes)
type Handler = (request: IncomingMessage, response: ServerResponse) => void
let head: Handler
let get: Handler

const server = await startHttpServer((request, response) => {
  if (!request.url?.includes('/blobs/')) response.end('{}')
  else if (request.method === 'HEAD') head(request, response)
  else get(request, response)
})
const registry = createHttpRegistry({
  name: 'r',
  url: server.url,
  timeouts: { retry: 1, free: 500, idle: 2_000, headers: 2_000 },
})
const repository = registry.repository(parseRepositoryName('team/app'))
const status =
  (code: number, headers = {}): Handler =>
  (_request, response) =>
    response.writeHead(code, headers).end()
const withRanges: Handler = (request, response) => {
  const [, first, last] = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? '') ?? []
  if (first === undefined) return response.writeHead(200, { 'content-length': bytes.length }).end(bytes)
  const part = bytes.subarray(Number(first), last ? Number(last) + 1 : undefined)
  const end = Number(first) + part.length - 1
  response.writeHead(206, { 'content-range': `bytes ${first}-${end}/${bytes.length}` })
  response.write(part.subarray(0, 1))
  response.end(part.subarray(1))
}
const inChunks: Handler = (_request, response) => {
  response.writeHead(200)
  response.write(bytes.subarray(0, 200_000))
  response.end(bytes.subarray(200_000))
}
beforeEach(() => {
  server.requests.length = 0
  server.abandoned.length = 0
  head = status(200, { 'content-length': bytes.length })
  get = withRanges
})
afterAll(async () => {
  await registry.close()
  await server.stop()
})

describe('the size of a blob', () => {
  it.each([400, 403, 405])('is requested by GET if HEAD is refused with %i', async (code) => {
    head = status(code)
    expect(await repository.statBlob(digest)).toEqual({ size: bytes.length })
    expect(server.requests.map(({ method, headers }) => [method, headers.range])).toEqual([
      ['HEAD', undefined],
      ['GET', 'bytes=0-0'],
    ])
  })

  it('is requested by GET if HEAD reports none, and nothing more is read', async () => {
    head = (_request, response) => response.writeHead(200, { 'transfer-encoding': 'chunked' }).end()
    get = (_request, response) => void response.writeHead(200, { 'content-length': 1e12 }).write('x')
    expect(await repository.statBlob(digest)).toEqual({ size: 1e12 })
    await expect.poll(() => server.abandoned).toHaveLength(1)
  })

  it('is requested by GET if HEAD reports 0, as some proxies do for every blob', async () => {
    head = status(200, { 'content-length': 0 })
    expect(await repository.statBlob(digest)).toEqual({ size: bytes.length })
  })

  it('is zero for an empty blob without a first byte', async () => {
    head = status(405)
    get = status(416, { 'content-range': 'bytes */0' })
    expect(await repository.statBlob(digest)).toEqual({ size: 0 })
  })

  it('is undefined if the blob is absent, and the refusal if GET is refused too', async () => {
    head = status(405)
    get = status(404)
    expect(await repository.statBlob(digest)).toBeUndefined()
    get = status(403)
    await expect(repository.statBlob(digest)).rejects.toMatchObject({ kind: 'denied' })
  })
})

describe('a blob that comes in chunks', () => {
  beforeEach(() => {
    get = (request, response) => (request.headers.range ? withRanges : inChunks)(request, response)
  })

  it('is read whole if its size is known from elsewhere', async () => {
    for (const refusal of [head, status(405)]) {
      head = refusal
      const { size, stream } = await repository.blob(digest)
      expect(size).toBe(bytes.length)
      expect((await buffer(stream)).equals(bytes)).toBe(true)
    }
  })

  it('without a size costs no connection, however often it is requested', async () => {
    head = status(405)
    get = inChunks
    for (let i = 0; i < 70; i++) await expect(repository.blob(digest)).rejects.toMatchObject({ kind: 'malformed' })
    get = withRanges
    expect((await repository.blob(digest)).size).toBe(bytes.length)
  })

  it('is read in part with the size from the part', async () => {
    const { size, stream } = await repository.blob(digest, { range: { start: 1_000, end: 200_999 } })
    expect(size).toBe(200_000)
    expect((await buffer(stream)).equals(bytes.subarray(1_000, 201_000))).toBe(true)
    const rest = await repository.blob(digest, { range: { start: 299_990 } })
    expect([rest.size, (await buffer(rest.stream)).length]).toEqual([10, 10])
  })

  it.each([9, 11])('is refused if it announces 10 bytes and sends %i', async (sent) => {
    get = (_request, response) => {
      response.writeHead(206, { 'content-range': `bytes 0-9/${bytes.length}` })
      response.write(bytes.subarray(0, 1))
      response.end(bytes.subarray(1, sent))
    }
    const { stream } = await repository.blob(digest, { range: { start: 0, end: 9 } })
    await expect(buffer(stream)).rejects.toMatchObject({ kind: 'size-mismatch' })
  })
})

it.each([{}, { range: { start: 0 } }])(
  'a stalled download ends at once when its reader leaves (%j)',
  async (options) => {
    // Large enough that it is passed on as it comes.
    const length = 2_000_000
    get = (request, response) => {
      if (request.headers.range)
        response.writeHead(206, { 'content-range': `bytes 0-${length - 1}/${length}`, 'content-length': length })
      else response.writeHead(200, { 'content-length': length })
      response.write(bytes.subarray(0, 1_000))
    }
    const { stream } = await repository.blob(digest, options)
    await new Promise((resolve) => stream.once('data', resolve))
    const start = performance.now()
    const closed = new Promise((resolve) => stream.once('close', resolve))
    stream.destroy()
    await closed
    await expect.poll(() => server.abandoned).toHaveLength(1)
    expect(performance.now() - start).toBeLessThan(10_000)
    // Time for what would come after it.
    await registry.ping()
    expect(server.requests.filter(({ path }) => path.includes('/blobs/'))).toHaveLength(1)
  },
)

import { randomBytes } from 'node:crypto'
import { buffer } from 'node:stream/consumers'
import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { digestOf } from '../../../oci/digester.ts'
import { parseRepositoryName, parseTag } from '../../../oci/reference.ts'
import { startHttpServer } from '../../../testing/servers/http-server.ts'
import { collect } from '../../listing.ts'
import type { BlobRead } from '../../registry.ts'
import { createHttpRegistry } from '../http-registry.ts'

/** More than the buffers of both sockets hold, so that a connection is in use until the stream is read or left. */
const bytes = randomBytes(8_000_000)
const digest = digestOf(bytes)
const STREAMS = 64
const CONNECTIONS = 32

const server = await startHttpServer((request, response) => {
  // Never answered: as a registry that hangs.
  if (request.url?.includes('/manifests/')) return
  if (request.url?.includes('/blobs/')) response.writeHead(200, { 'content-length': bytes.length }).end(bytes)
  else response.end('{"tags":["1"]}')
})
const name = parseRepositoryName('team/app')
const open = () => createHttpRegistry({ name: 'r', url: server.url, timeouts: { free: 500, headers: 60_000 } })
beforeEach(() => {
  server.requests.length = 0
})
afterAll(() => server.stop())

/** Fails where a signal or a limit is not heard, long before the limits of a test. */
function within<T>(milliseconds: number, work: Promise<T>): Promise<T> {
  const late = new Promise<never>((_, reject) => {
    setTimeout(() => reject(new Error(`not settled after ${milliseconds} ms`)), milliseconds).unref()
  })
  return Promise.race([work, late])
}

describe('downloads that nobody reads', () => {
  it('hold up no other request, and further downloads only so long', async () => {
    const registry = open()
    const repository = registry.repository(name)
    const held: BlobRead[] = []
    try {
      for (let i = 0; i < STREAMS; i++) held.push(await within(2_000, repository.blob(digest)))
      await within(2_000, registry.ping())
      expect((await within(2_000, collect(repository.tags()))).items).toEqual(['1'])
      await expect(within(3_000, repository.blob(digest))).rejects.toMatchObject({
        kind: 'timeout',
        message: `all ${STREAMS} connections to ${server.host} have been in use for 0.5 s`,
      })
      // One that ends makes room.
      held.pop()?.stream.destroy()
      const { stream } = await within(2_000, repository.blob(digest))
      expect((await buffer(stream)).equals(bytes)).toBe(true)
    } finally {
      for (const { stream } of held) stream.destroy()
      await registry.close()
    }
  })
})

describe('slow changes', () => {
  it('hold up no reads', async () => {
    const registry = open()
    const repository = registry.repository(name)
    const stop = new AbortController()
    const content = { mediaType: 'application/vnd.oci.image.index.v1+json', bytes: Buffer.from('{"schemaVersion":2}') }
    const put = () => repository.putManifest(parseTag('1'), content, { signal: stop.signal })
    const ended = Promise.allSettled(Array.from({ length: CONNECTIONS }, put))
    try {
      await expect.poll(() => server.requests).toHaveLength(CONNECTIONS)
      await within(2_000, registry.ping())
    } finally {
      stop.abort()
      await ended
      await registry.close()
    }
  })
})

describe('a registry with every connection in use', () => {
  it('lets the caller leave at once, informs those who stay, and isn’t sent what nobody waits for', async () => {
    const registry = open()
    const repository = registry.repository(name)
    const stop = new AbortController()
    const hanging = Array.from({ length: CONNECTIONS }, () =>
      repository.manifest(parseTag('1'), { signal: stop.signal }),
    )
    const ended = Promise.allSettled(hanging)
    try {
      await expect(within(400, registry.ping({ signal: AbortSignal.timeout(50) }))).rejects.toThrow('due to timeout')
      await expect(within(3_000, registry.ping())).rejects.toMatchObject({
        kind: 'timeout',
        message: `all ${CONNECTIONS} connections to ${server.host} have been in use for 0.5 s`,
      })
      stop.abort()
      await ended
      await within(2_000, collect(repository.tags()))
      expect(server.requests.filter(({ path }) => path === '/v2/')).toEqual([])
    } finally {
      await registry.close()
    }
  })
})

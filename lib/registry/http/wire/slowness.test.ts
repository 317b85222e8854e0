import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { digestOf } from '../../../oci/digester.ts'
import { parseRepositoryName, parseTag } from '../../../oci/reference.ts'
import { startDockerRegistry } from '../../../testing/servers/docker-registry.ts'
import { type Fault, rateLimited, startFaultProxy } from '../../../testing/servers/fault-proxy.ts'
import { imageFor } from '../../contract/samples.ts'
import { collect } from '../../listing.ts'
import { createHttpRegistry, type HttpRegistry, type HttpRegistryOptions } from '../http-registry.ts'

const server = await startDockerRegistry()
const proxy = await startFaultProxy(server.url)
const opened: HttpRegistry[] = []
const open = (timeouts: HttpRegistryOptions['timeouts'], url = proxy.url) => {
  const registry = createHttpRegistry({ name: 'r', url, ...(timeouts && { timeouts }) })
  opened.push(registry)
  return registry
}
const name = parseRepositoryName('team/app')
const tag = parseTag('1')
/** Another registry, which has nothing to do with the trouble of the first. */
const other = open(undefined, server.url)
const image = await other.repository(name).putManifest(tag, await imageFor(other.repository(name)))
const bytes = randomBytes(300_000)
const { digest } = await other.repository(name).putBlob(bytes)
afterEach(() => {
  vi.restoreAllMocks()
  proxy.clear()
  proxy.requests.length = 0
})
afterAll(async () => {
  for (const each of opened) await each.close()
  await proxy.stop()
  await server.stop()
})

async function expectOtherQuick(): Promise<void> {
  const start = performance.now()
  expect((await other.repository(name).manifest(tag)).digest).toBe(image.digest)
  expect(performance.now() - start).toBeLessThan(10_000)
}

describe('a registry that asks for a long wait', () => {
  it.each([
    ['a day', () => '86400'],
    ['a date in two hours', () => new Date(Date.now() + 7_200_000).toUTCString()],
    ['a number without end', () => '999999999999'],
  ])('of %s is left alone for a minute, by everyone, and nobody else waits', async (_name, retryAfter) => {
    // With a short limit for bodies the only waits of more than 30 s are those that the registry asked for.
    const repository = open({ body: 5_000 }).repository(name)
    proxy.on({ path: '/manifests/', fault: rateLimited(retryAfter()) })
    const timers = vi.spyOn(globalThis, 'setTimeout')
    const waits = () => timers.mock.calls.flatMap(([, ms]) => (ms !== undefined && ms > 30_000 ? [ms] : []))
    const left = new AbortController()
    const first = repository.manifest(tag, { signal: left.signal })
    await expect.poll(waits).toHaveLength(1)
    const second = repository.tags({ signal: left.signal }).next()
    await expect.poll(waits).toHaveLength(2)
    await expectOtherQuick()
    left.abort(new Error('left'))
    await expect(first).rejects.toThrow('left')
    await expect(second).rejects.toThrow('left')
    const [own = 0, theirs = 0] = waits()
    expect(own).toBeGreaterThan(59_000)
    expect(own).toBeLessThanOrEqual(60_000)
    expect(theirs).toBeGreaterThan(58_000)
    expect(theirs).toBeLessThanOrEqual(60_000)
    expect(proxy.requests).toHaveLength(1)
  })
})

describe('a body that stalls', () => {
  const slow = { kind: 'slow-body', ms: 5_000, after: 50 } as const
  let registry: HttpRegistry
  beforeEach(() => {
    registry = open({ idle: 300, retry: 1 })
  })

  it('of a manifest is given up, and another registry answers meanwhile', async () => {
    proxy.on({ path: '/manifests/', fault: slow })
    const reading = registry.repository(name).manifest(tag)
    const settled = expect(reading).rejects.toMatchObject({ kind: 'timeout', host: proxy.host })
    await expectOtherQuick()
    await settled
  })

  it('of a blob is resumed where it stopped', async () => {
    proxy.on({ method: 'GET', path: '/blobs/', nth: 1, fault: { ...slow, after: 100_000 } })
    const { stream } = await registry.repository(name).blob(digest)
    expect((await buffer(stream)).equals(bytes)).toBe(true)
    expect(proxy.requests.map(({ headers }) => headers.range)).toEqual([undefined, 'bytes=100000-'])
  })

  it('is read to its end while it keeps coming, however slowly', async () => {
    proxy.on({ path: '/manifests/', fault: { ...slow, ms: 100 } })
    expect((await registry.repository(name).manifest(tag)).digest).toBe(image.digest)
  })
})

describe('a response of which only the status counts', () => {
  it('isn’t awaited when it comes a byte at a time', async () => {
    let timer: NodeJS.Timeout | undefined
    const answer: Fault = {
      kind: 'handle',
      answer: (_request, response) => {
        response.writeHead(200)
        timer = setInterval(() => response.write(' '), 100)
      },
    }
    proxy.on({ path: '/v2/', fault: answer })
    const start = performance.now()
    await open({ idle: 1_000 }).ping()
    expect(performance.now() - start).toBeLessThan(10_000)
    await expect.poll(() => proxy.abandoned).toContain('/v2/')
    clearInterval(timer)
  })
})

describe('a slow registry', () => {
  const late = { kind: 'slow-headers', ms: 2_500 } as const

  it('has time to put and delete', async () => {
    const registry = open({ headers: 300, commit: 5_000 })
    const repository = registry.repository(parseRepositoryName('team/slow'))
    const content = await imageFor(repository)
    for (const method of ['PUT', 'PATCH']) proxy.on({ method, fault: late })
    const [one, other] = [randomBytes(1_000), randomBytes(1_000)]
    const [sized, inChunks, { digest }] = await Promise.all([
      repository.putBlob(Readable.from([one]), { digest: digestOf(one), size: one.length }),
      repository.putBlob(Readable.from([other])),
      repository.putManifest(tag, content),
    ])
    expect([sized.digest, inChunks.digest]).toEqual([digestOf(one), digestOf(other)])
    proxy.on({ method: 'DELETE', path: digest, fault: late })
    await repository.deleteManifest(digest, { expectTags: [tag] })
    await expect(repository.resolve(digest)).rejects.toMatchObject({ kind: 'not-found' })
  })

  it('is given up on a read, even one that asks how a deletion would work', async () => {
    proxy.on({ fault: late })
    const repository = open({ headers: 300, commit: 60_000 }).repository(name)
    await expect(repository.deletes()).rejects.toMatchObject({ kind: 'timeout' })
    await expect(repository.manifest(tag)).rejects.toMatchObject({ kind: 'timeout' })
  })

  it.each([
    ['does not answer', late],
    ['answers through a gateway that has given up', { kind: 'answer', status: 504 }],
  ] as const)(
    'is asked for smaller pages for an hour after a large page of its catalog and %s',
    async (_name, fault) => {
      const registry = open({ headers: 300, retry: 1 })
      proxy.on({ path: '_catalog?n=10000', fault })
      const list = async () => (await collect(registry.repositories())).items
      const sizes = () => {
        const asked = proxy.requests.map(({ path }) => /_catalog\?n=(\d+)/.exec(path)?.[1])
        proxy.requests.length = 0
        return [...new Set(asked)]
      }
      expect(await list()).toContain(name)
      expect(sizes()).toEqual(['10000', '1000'])
      await list()
      expect(sizes()).toEqual(['1000'])
      vi.spyOn(Date, 'now').mockReturnValue(Date.now() + 3_600_001)
      await list()
      expect(sizes()[0]).toBe('10000')
    },
  )
})

/** A port whose queue of connections is full: the kernel drops every further one without a word. */
async function startFullPort() {
  // Blocked in its only thread, the process never accepts.
  const script = `const server = require('node:net').createServer()
    server.listen({ port: 0, host: '127.0.0.1', backlog: 1 }, () => {
      require('node:fs').writeSync(1, String(server.address().port))
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)
    })`
  const child = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] })
  const [text] = await once(child.stdout, 'data')
  const port = Number(String(text))
  const held: Socket[] = []
  for (let full = false; !full && held.length < 16; ) {
    const socket = connect(port, '127.0.0.1').on('error', () => undefined)
    held.push(socket)
    const accepted = once(socket, 'connect').then(() => true)
    full = !(await Promise.race([accepted, wait(250, false)]))
  }
  const stop = async () => {
    for (const socket of held) socket.destroy()
    const exited = once(child, 'exit')
    child.kill('SIGKILL')
    await exited
  }
  return { url: `http://127.0.0.1:${port}`, host: `127.0.0.1:${port}`, [Symbol.asyncDispose]: stop }
}

describe('a registry that accepts no connection', () => {
  it('is given up after the connection timeout, and another one answers meanwhile', async () => {
    await using full = await startFullPort()
    const start = performance.now()
    const pinging = expect(open({ connect: 400 }, full.url).ping()).rejects.toMatchObject({
      kind: 'timeout',
      host: full.host,
      message: expect.stringContaining('did not accept a connection'),
    })
    await expectOtherQuick()
    await pinging
    expect(performance.now() - start).toBeGreaterThanOrEqual(390)
    expect(performance.now() - start).toBeLessThan(10_000)
  })
})

describe('a registry that accepts connections and says nothing more', () => {
  it.each(['http', 'https'])('is given up over %s, and another one answers meanwhile', async (scheme) => {
    const held: Socket[] = []
    const silent = createServer((socket) => void held.push(socket.on('error', () => undefined)))
    silent.listen(0, '127.0.0.1')
    await once(silent, 'listening')
    const address = silent.address()
    const host = `127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`
    const start = performance.now()
    const pinging = expect(
      open({ connect: 400, headers: 400, retry: 1 }, `${scheme}://${host}`).ping(),
    ).rejects.toMatchObject({ kind: 'timeout', host })
    await expectOtherQuick()
    await pinging
    expect(performance.now() - start).toBeLessThan(10_000)
    expect(held.length).toBeGreaterThan(0)
    for (const socket of held) socket.destroy()
    silent.close()
  })
})

import { randomBytes } from 'node:crypto'
import type { LookupFunction } from 'node:net'
import { networkInterfaces } from 'node:os'
import { buffer } from 'node:stream/consumers'
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest'
import { digestOf } from '../../../oci/digester.ts'
import { parseRepositoryName } from '../../../oci/reference.ts'
import { startHttpServer } from '../../../testing/servers/http-server.ts'
import { createHttpRegistry, type HttpRegistryOptions } from '../http-registry.ts'

/** An address of this machine that isn't loopback: the registry is there, and what must not be read on 127.0.0.1. */
const outside = Object.values(networkInterfaces())
  .flatMap((addresses) => addresses ?? [])
  .find(({ family, internal }) => family === 'IPv4' && !internal)?.address

const bytes = randomBytes(320_000)
const digest = digestOf(bytes)
let answerWith = { status: 200, body: bytes as Uint8Array | string }
const internal = await startHttpServer((_request, response) => {
  response.writeHead(answerWith.status, { 'content-length': Buffer.byteLength(answerWith.body) }).end(answerWith.body)
})
let location = ''
const redirect = (_request: unknown, response: import('node:http').ServerResponse) =>
  void response.writeHead(307, { location }).end()
const local = await startHttpServer(redirect)
const remote = await startHttpServer(redirect, { address: outside ?? '127.0.0.1' })

/** `name.example.com` for these addresses; nothing else is asked of anyone. */
const names: Record<string, string> = {
  'loopback.example.com': '127.0.0.1',
  'private.example.com': '10.255.255.1',
  'metadata.example.com': '169.254.169.254',
  'unique-local.example.com': 'fd12:3456::1',
}
const asked: string[] = []
const lookup: LookupFunction = (name, options, callback) => {
  asked.push(name)
  const address = names[name]
  if (address === undefined) return callback(new Error(`who is ${name}?`), '')
  const family = address.includes(':') ? 6 : 4
  if (options.all) callback(null, [{ address, family }])
  else callback(null, address, family)
}

const opened: { close(): Promise<void> }[] = []
function open(url: string, options: Partial<HttpRegistryOptions> = {}) {
  const registry = createHttpRegistry({ name: 'r', url, lookup, timeouts: { retry: 1, connect: 500 }, ...options })
  opened.push(registry)
  return registry.repository(parseRepositoryName('team/app'))
}
afterEach(() => {
  internal.requests.length = 0
  answerWith = { status: 200, body: bytes }
})
afterAll(async () => {
  for (const each of opened) await each.close()
  for (const each of [internal, local, remote]) await each.stop()
})

describe('a redirect to a name', () => {
  it.each(['private', 'metadata', 'unique-local'])('that resolves to a %s address is not followed', async (kind) => {
    location = `http://${kind}.example.com:${internal.port}/`
    await expect(open(local.url).blobBytes(digest)).rejects.toMatchObject({
      kind: 'unsafe-redirect',
      message: expect.stringContaining(`${kind}.example.com`),
    })
    expect(asked).toContain(`${kind}.example.com`)
  })

  it('that resolves to the registry’s own network is followed', async () => {
    location = `http://loopback.example.com:${internal.port}/`
    expect(Buffer.from(await open(local.url).blobBytes(digest)).equals(bytes)).toBe(true)
  })
})

describe('a registry on another machine', () => {
  beforeEach(({ skip }) => skip(!outside, 'this machine has no address but loopback'))

  it.each([
    ['a name that resolves to this machine', () => `http://loopback.example.com:${internal.port}/`],
    ['an address of its own', () => `http://127.0.0.1:${internal.port}/`],
    ['a private address', () => 'http://10.255.255.1/'],
  ])('can’t redirect us to %s', async (_name, to) => {
    location = to()
    const repository = open(remote.url)
    await expect(repository.blobBytes(digest)).rejects.toMatchObject({ kind: 'unsafe-redirect' })
    await expect(repository.blob(digest)).rejects.toMatchObject({ kind: 'unsafe-redirect' })
    await expect(repository.statBlob(digest)).rejects.toMatchObject({ kind: 'unsafe-redirect' })
    expect(internal.requests).toEqual([])
  })

  it('can if the configuration names the host', async () => {
    location = `http://loopback.example.com:${internal.port}/`
    for (const host of ['loopback.example.com', `loopback.example.com:${internal.port}`])
      expect((await open(remote.url, { storageHosts: [host] }).blobBytes(digest)).byteLength).toBe(bytes.byteLength)
  })
})

describe('another host', () => {
  it('isn’t quoted', async () => {
    location = `http://loopback.example.com:${internal.port}/`
    answerWith = { status: 403, body: '{"errors":[{"code":"SECRET","message":"the internal page"}]}' }
    const error: unknown = await open(local.url)
      .blobBytes(digest)
      .catch((reason: unknown) => reason)
    expect(error).toMatchObject({ kind: 'denied', status: 403, codes: [], detail: undefined })
    expect(String(error)).not.toContain('SECRET')
  })

  it('delivers no byte of a small blob before all of it is verified', async () => {
    location = `http://loopback.example.com:${internal.port}/`
    const { stream } = await open(local.url).blob(digestOf('something else'))
    let seen = 0
    stream.on('data', (chunk: Buffer) => {
      seen += chunk.length
    })
    await expect(new Promise((_, reject) => stream.on('error', reject))).rejects.toMatchObject({
      kind: 'digest-mismatch',
    })
    expect(seen).toBe(0)
    const { stream: right } = await open(local.url).blob(digest)
    expect((await buffer(right)).equals(bytes)).toBe(true)
  })
})

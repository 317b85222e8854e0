import { randomBytes } from 'node:crypto'
import { buffer } from 'node:stream/consumers'
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest'
import { parseRepositoryName } from '../../oci/reference.ts'
import { createHttpRegistry } from '../../registry/http/http-registry.ts'
import type { Repository } from '../../registry/registry.ts'
import { startDockerRegistry } from '../../testing/servers/docker-registry.ts'
import { type Rule, startFaultProxy } from '../../testing/servers/fault-proxy.ts'
import { startTokenServer, type TokenServer } from '../../testing/servers/token-server.ts'
import { checkCompleteness } from '../inspect/validate.ts'
import { putImage, tag } from '../testing/images.ts'
import { copyImage } from './copy.ts'

const admin = { username: 'admin', password: 'correct horse' }

/** A registry with token authentication, behind a proxy that can make it refuse one as if it had expired. */
async function startSide() {
  const tokens = await startTokenServer({ accounts: [{ ...admin, access: { '**': ['*'] } }] })
  const server = await startDockerRegistry({ token: tokens.token })
  const proxy = await startFaultProxy(server.url)
  const registry = createHttpRegistry({ name: 'r', url: proxy.url, credentials: admin, timeouts: { retry: 1 } })
  const stop = async () => {
    await registry.close()
    for (const each of [proxy, server, tokens]) await each.stop()
  }
  return { tokens, proxy, registry, stop }
}
const sides = { source: await startSide(), destination: await startSide() }
const { source, destination } = sides
afterAll(async () => {
  for (const side of Object.values(sides)) await side.stop()
})
afterEach(() => {
  for (const { proxy } of Object.values(sides)) proxy.clear()
})

let from: Repository
let to: Repository
let count = 0
beforeEach(() => {
  const name = parseRepositoryName(`team/app${++count}`)
  from = source.registry.repository(name)
  to = destination.registry.repository(name)
})

const askedOf = (tokens: TokenServer) =>
  tokens.requests.map(({ path }) => new URL(path, 'http://t').searchParams.get('scope') ?? '')

const ended = { kind: 'drop-authorization' } as const

describe('a token that ends', () => {
  it('during a download is renewed once, and the download continues', async () => {
    const bytes = randomBytes(600_000)
    const { digest } = await from.putBlob(bytes)
    await from.statBlob(digest)
    const held = askedOf(source.tokens).length
    source.proxy.on({ method: 'GET', path: '/blobs/', nth: 1, fault: { kind: 'truncate', bytes: 200_000 } })
    source.proxy.on({ method: 'GET', path: '/blobs/', nth: 1, fault: ended })
    source.proxy.requests.length = 0
    const { stream } = await from.blob(digest)
    expect((await buffer(stream)).equals(bytes)).toBe(true)
    expect(askedOf(source.tokens).slice(held)).toHaveLength(1)
    // Whole, the rest with the token that has ended, the rest again with a new one.
    const [whole, refused, rest, ...more] = source.proxy.requests
    expect([whole, refused, rest].map((request) => request?.headers.range)).toEqual([
      undefined,
      'bytes=200000-',
      'bytes=200000-',
    ])
    expect(rest?.headers.authorization).not.toBe(refused?.headers.authorization)
    expect(more).toEqual([])
  })

  const moments: readonly (readonly [string, keyof typeof sides, Omit<Rule, 'fault'>])[] = [
    ['the source is asked for the second layer', 'source', { method: 'GET', path: '/blobs/', nth: 2 }],
    ['the second upload begins', 'destination', { method: 'POST', path: '/uploads/', nth: 2 }],
    ['the destination is asked what it has', 'destination', { method: 'HEAD', path: '/blobs/', nth: 2 }],
    ['the manifest is put', 'destination', { method: 'PUT', path: '/manifests/', nth: 1 }],
  ]

  it.each(moments)('when %s in a copy is renewed once, and the copy completes', async (_name, side, rule) => {
    const image = await putImage(from, { tags: ['1.0'], layers: [randomBytes(90_000), randomBytes(70_000)] })
    const { tokens, proxy } = sides[side]
    proxy.requests.length = 0
    proxy.on({ ...rule, fault: ended })
    const held = askedOf(tokens).length
    const report = await copyImage(
      { repository: from, reference: tag('1.0') },
      { repository: to, reference: tag('1.0') },
      { concurrency: 1 },
    )
    expect(report).toMatchObject({ digest: image.digest, blobs: { sent: 3 } })
    const scopes = askedOf(tokens).slice(held)
    // One scope was asked for twice: the one that was refused.
    const twice = scopes.filter((scope, at) => scopes.indexOf(scope) !== at)
    expect(side === 'source' ? scopes : twice).toHaveLength(1)
    expect(await checkCompleteness(to, tag('1.0'), { full: true })).toMatchObject({ complete: true })
  })

  it('during an upload costs a new session, and the copy completes', async () => {
    const image = await putImage(from, { tags: ['1.0'], layers: [randomBytes(90_000), randomBytes(70_000)] })
    const { proxy } = destination
    // The stream is refused, and so is the next beginning with the same token.
    proxy.on({ method: 'PUT', path: '/uploads/', nth: 2, fault: ended })
    proxy.on({ method: 'POST', path: '/uploads/', nth: 3, fault: ended })
    proxy.requests.length = 0
    const sent: number[] = []
    const report = await copyImage(
      { repository: from, reference: tag('1.0') },
      { repository: to, reference: tag('1.0') },
      { concurrency: 1, onProgress: ({ sentBytes }) => sent.push(sentBytes) },
    )
    expect(report).toMatchObject({ digest: image.digest, blobs: { sent: 3 } })
    expect(sent.at(-1)).toBe(report.bytes.sent)
    const begun = proxy.requests.filter(({ method }) => method === 'POST').map(({ headers }) => headers.authorization)
    expect([begun.length, proxy.count('PUT', '/uploads/')]).toEqual([5, 4])
    // Refused, then begun again with another token.
    expect(begun[3]).not.toBe(begun[2])
    expect(await checkCompleteness(to, tag('1.0'), { full: true })).toMatchObject({ complete: true })
  })

  it('again and again during an upload means that the account can’t push', async () => {
    await putImage(from, { tags: ['1.0'] })
    destination.proxy.on({ method: 'PUT', path: '/uploads/', fault: ended })
    destination.proxy.requests.length = 0
    const copy = copyImage(
      { repository: from, reference: tag('1.0') },
      { repository: to, reference: tag('1.0') },
      { concurrency: 1 },
    )
    await expect(copy).rejects.toMatchObject({ kind: 'unauthorized', host: destination.proxy.host })
    expect(destination.proxy.count('PUT', '/uploads/')).toBe(2)
  })
})

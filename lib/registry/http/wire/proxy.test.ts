import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import { connect, type Socket } from 'node:net'
import { afterAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { parseRepositoryName } from '../../../oci/reference.ts'
import { makeCertificates } from '../../../testing/servers/certificates.ts'
import { freePort } from '../../../testing/servers/free-port.ts'
import { startHttpServer } from '../../../testing/servers/http-server.ts'
import { collect } from '../../listing.ts'
import { createHttpRegistry, type HttpRegistry } from '../http-registry.ts'

const { ca, cert, key } = await makeCertificates({ names: ['DNS:registry.test', 'DNS:auth.test', 'IP:127.0.0.1'] })
/** Registry and token server in one, by names that only the proxy can find. */
const server = await startHttpServer(
  (request, response) => {
    if (request.url?.startsWith('/token')) return void response.end('{"token":"t"}')
    const known = request.headers.authorization === 'Bearer t'
    const challenge = { 'www-authenticate': 'Bearer realm="https://auth.test/token",service="s"' }
    response.writeHead(known ? 200 : 401, known ? {} : challenge).end('{"tags":["1"]}')
  },
  { tls: { cert, key } },
)

const asked: { authority: string; headers: IncomingHttpHeaders }[] = []
const sockets = new Set<Socket>()
let refuse: string | undefined
const proxy = createServer().on('connect', ({ url = '', headers }, socket: Socket) => {
  asked.push({ authority: url, headers })
  sockets.add(socket.on('error', () => undefined))
  if (refuse === '') return
  if (refuse === 'silence') return void socket.write('HTTP/1.1 200 Connection established\r\n\r\n')
  if (refuse) return void socket.end(`HTTP/1.1 ${refuse}\r\n\r\n`)
  const upstream = connect(server.port, '127.0.0.1').on('error', () => socket.destroy())
  socket.write('HTTP/1.1 200 Connection established\r\n\r\n')
  upstream.pipe(socket).pipe(upstream)
})
proxy.listen(0, '127.0.0.1')
await once(proxy, 'listening')
const bound = proxy.address()
const proxyHost = `127.0.0.1:${typeof bound === 'object' && bound ? bound.port : 0}`

const opened: HttpRegistry[] = []
const open = (url = 'https://registry.test') => {
  const credentials = { username: 'ann', password: 'secret' }
  const registry = createHttpRegistry({ name: 'r', url, credentials, ca, timeouts: { retry: 1, connect: 500 } })
  opened.push(registry)
  return registry
}
beforeEach(() => {
  asked.length = 0
  server.requests.length = 0
  refuse = undefined
  for (const name of ['https_proxy', 'no_proxy', 'NO_PROXY']) vi.stubEnv(name, undefined)
  vi.stubEnv('HTTPS_PROXY', `http://me:pass%40word@${proxyHost}`)
  return () => vi.unstubAllEnvs()
})
afterAll(async () => {
  for (const registry of opened) await registry.close()
  for (const socket of sockets) socket.destroy()
  proxy.close()
  await server.stop()
})

describe('a registry behind the HTTPS_PROXY', () => {
  it('is reached through it, and each gets only its own credentials', async () => {
    const repository = open().repository(parseRepositoryName('team/app'))
    expect((await collect(repository.tags())).items).toEqual(['1'])
    expect(new Set(asked.map(({ authority }) => authority))).toEqual(new Set(['registry.test:443', 'auth.test:443']))
    const basic = (text: string) => `Basic ${Buffer.from(text).toString('base64')}`
    for (const { headers } of asked) {
      expect(headers['proxy-authorization']).toBe(basic('me:pass@word'))
      expect(headers.authorization).toBeUndefined()
    }
    const sent = server.requests.map(({ headers }) => [headers.host, headers.authorization])
    expect(sent).toEqual([
      ['registry.test', undefined],
      ['auth.test', basic('ann:secret')],
      ['registry.test', 'Bearer t'],
    ])
    for (const { headers } of server.requests) expect(headers['proxy-authorization']).toBeUndefined()
  })

  it('has its certificate checked all the same', async () => {
    await expect(open('https://other.test').ping()).rejects.toMatchObject({ kind: 'tls', host: 'other.test' })
    expect(server.requests).toEqual([])
  })

  it.each([
    ['407 Proxy Authentication Required', 'it requires a user name and a password', 'unreachable'],
    ['502 Bad Gateway', 'it answered 502', 'unreachable'],
    ['', 'it doesn’t answer in time', 'timeout'],
  ])('isn’t reached if the proxy says %j, which is reported', async (answer, why, kind) => {
    refuse = answer
    const message = `can’t reach registry.test through the proxy ${proxyHost}: ${why}`
    await expect(open().ping()).rejects.toMatchObject({ kind, host: 'registry.test', message })
  })

  it('isn’t waited for if the proxy connects and nothing comes through', async () => {
    refuse = 'silence'
    const start = performance.now()
    await expect(open().ping()).rejects.toMatchObject({ kind: 'timeout', host: 'registry.test' })
    expect(performance.now() - start).toBeLessThan(10_000)
  })

  it('isn’t reached if the proxy is down or misnamed, and no password is revealed', async () => {
    vi.stubEnv('HTTPS_PROXY', `me:secret@127.0.0.1:${await freePort()}`)
    const error: unknown = await open()
      .ping()
      .catch((reason: unknown) => reason)
    expect(error).toMatchObject({
      kind: 'unreachable',
      message: expect.stringContaining('through the proxy 127.0.0.1'),
    })
    expect(String(error)).not.toContain('secret')
    vi.stubEnv('HTTPS_PROXY', 'socks5://127.0.0.1:1')
    await expect(open().ping()).rejects.toMatchObject({ kind: 'invalid' })
  })

  it('is reached directly on loopback addresses and where NO_PROXY says so', async () => {
    await open(server.url).ping()
    vi.stubEnv('NO_PROXY', '.test')
    await expect(open().ping()).rejects.toMatchObject({ host: 'registry.test' })
    const through = asked.map(({ authority }) => authority)
    expect(through).not.toContain('registry.test:443')
    expect(through).not.toContain(server.host)
  })
})

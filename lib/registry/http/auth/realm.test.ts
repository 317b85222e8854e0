import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { isRecord } from '../../../oci/descriptor.ts'
import { makeCertificates } from '../../../testing/servers/certificates.ts'
import { startHttpServer } from '../../../testing/servers/http-server.ts'
import { createHttpRegistry, type HttpRegistryOptions } from '../http-registry.ts'
import { parseEndpoint } from '../wire/endpoint.ts'
import { realmAddress } from './realm.ts'

describe('a token server', () => {
  const secure = 'https://registry.example.com'
  const plain = 'http://registry.example.com'
  const local = 'http://127.0.0.1:5000'
  const address = (registry: string, realm: string, tokenHosts: readonly string[] = []) =>
    realmAddress(parseEndpoint(registry), realm, tokenHosts).origin

  it.each([
    [secure, 'https://auth.example.com/token'],
    [secure, 'https://registry.example.com:8443/token'],
    [secure, '/token'],
    [plain, 'http://registry.example.com/token'],
    [plain, 'https://registry.example.com/token'],
    [local, 'http://127.0.0.1:5001/token'],
    ['https://docker.io', 'https://auth.docker.io/token'],
  ])('of %s may be %s', (registry, realm) => {
    expect(address(registry, realm)).toBe(new URL(realm, registry).origin)
  })

  it.each([
    [secure, 'http://registry.example.com/token'],
    [secure, 'http://auth.example.com/token'],
    [secure, 'https://169.254.169.254/token'],
    [secure, 'https://0xa9fea9fe/token'],
    [secure, 'https://[::1]/token'],
    [secure, 'https://[::ffff:127.0.0.1]/token'],
    [secure, 'https://127.1/token'],
    [secure, 'https://localhost/token'],
    [plain, 'https://auth.example.com/token'],
    [plain, 'https://registry.example.com.evil.example/token'],
    [plain, 'http://registry.example.com:81/token'],
    [local, 'https://auth.example.com/token'],
    [local, 'http://localhost:5000/token'],
    [local, 'http://[::1]:5000/token'],
    [local, 'http://169.254.169.254/token'],
  ])('of %s may not be %s, unless the configuration names it', (registry, realm) => {
    expect(() => address(registry, realm)).toThrow(expect.objectContaining({ kind: 'unsafe-redirect' }))
    const { hostname, host, origin } = new URL(realm)
    for (const named of [hostname, host]) expect(address(registry, realm, [named])).toBe(origin)
    const sibling = () => address(registry, realm, [`x${hostname}`, `${hostname}.example`])
    expect(sibling).toThrow(expect.objectContaining({ kind: 'unsafe-redirect' }))
  })

  it.each(['ftp://registry.example.com/', 'file:///etc/passwd', 'https://[', 'javascript:1'])('is not %s', (realm) => {
    expect(() => address(secure, realm)).toThrow(expect.objectContaining({ kind: 'malformed' }))
  })
})

describe('a challenge that names a token server elsewhere', () => {
  const credentials = { username: 'ann', password: 'canary-secret' }
  /** Every request that leaves this process, even an unanswered one. */
  const sent: string[] = []
  const note = (message: unknown) => {
    const request = isRecord(message) ? message.request : undefined
    // The request is an instance of a class, not a plain record.
    if (typeof request === 'object' && request && 'origin' in request) sent.push(String(request.origin))
  }
  beforeAll(() => subscribe('undici:request:create', note))
  afterAll(() => unsubscribe('undici:request:create', note))
  afterEach(() => {
    sent.length = 0
  })

  const pinged = async (realm: string, options: Partial<HttpRegistryOptions>, tls?: { cert: string; key: string }) => {
    await using server = await startHttpServer(
      (_request, response) => {
        response.writeHead(401, { 'www-authenticate': `Bearer realm="${realm}",service="s"` }).end()
      },
      { ...(tls && { tls }) },
    )
    const registry = createHttpRegistry({ name: 'r', url: server.url, credentials, ...options })
    try {
      await expect(registry.ping()).rejects.toMatchObject({ kind: 'unsafe-redirect', host: server.host })
    } finally {
      await registry.close()
    }
    expect([...new Set(sent)]).toEqual([server.url])
  }

  it('sends nothing there, whether the registry is http or https', async () => {
    const { ca, cert, key } = await makeCertificates()
    await using six = await startHttpServer((_request, response) => void response.end('{"token":"x"}'), {
      address: '::1',
    })
    const realms = [
      'http://169.254.169.254/latest/meta-data',
      'https://169.254.169.254/token',
      `${six.url}/token`,
      `http://localhost:${six.port}/token`,
      `https://localhost:${six.port}/token`,
      'http://auth.invalid/token',
    ]
    for (const realm of realms) {
      await pinged(realm, {})
      sent.length = 0
      await pinged(realm, { ca }, { cert, key })
      sent.length = 0
    }
    await pinged('https://auth.invalid/token', {})
    expect(six.requests).toEqual([])
  })

  it('sends it nothing when its certificate is of an authority that the registry isn’t configured with', async () => {
    const [own, other] = await Promise.all([makeCertificates(), makeCertificates()])
    await using tokens = await startHttpServer((_request, response) => void response.end('{"token":"x"}'), {
      tls: other,
    })
    await using server = await startHttpServer(
      (_request, response) => {
        response.writeHead(401, { 'www-authenticate': `Bearer realm="${tokens.url}/token",service="s"` }).end()
      },
      { tls: own },
    )
    const options = { name: 'r', url: server.url, credentials, tokenHosts: [tokens.host] }
    const registry = createHttpRegistry({ ...options, ca: own.ca })
    await expect(registry.ping()).rejects.toMatchObject({ kind: 'tls', reason: 'untrusted-certificate' })
    expect(tokens.requests).toEqual([])
    await registry.close()
    const trusting = createHttpRegistry({ ...options, ca: own.ca + other.ca })
    await trusting.ping().catch(() => {})
    expect(tokens.requests.length).toBeGreaterThan(0)
    await trusting.close()
  })

  it('is followed if the configuration names that server', async () => {
    await using six = await startHttpServer((_request, response) => void response.end('{"token":"x"}'), {
      address: '::1',
    })
    await using server = await startHttpServer((request, response) => {
      const known = request.headers.authorization === 'Bearer x'
      const challenge = { 'www-authenticate': `Bearer realm="${six.url}/token",service="s"` }
      response.writeHead(known ? 200 : 401, known ? {} : challenge).end('{}')
    })
    const registry = createHttpRegistry({ name: 'r', url: server.url, credentials, tokenHosts: [six.host] })
    await registry.ping()
    expect(sent).toContain(six.url)
    await registry.close()
  })
})

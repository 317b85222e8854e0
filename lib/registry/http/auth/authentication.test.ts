import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest'
import { parseRepositoryName, parseTag } from '../../../oci/reference.ts'
import { startDockerRegistry } from '../../../testing/servers/docker-registry.ts'
import { startFaultProxy } from '../../../testing/servers/fault-proxy.ts'
import { startHttpServer } from '../../../testing/servers/http-server.ts'
import { startTokenServer } from '../../../testing/servers/token-server.ts'
import { imageFor } from '../../contract/samples.ts'
import { collect } from '../../listing.ts'
import { createHttpRegistry, type HttpRegistryOptions } from '../http-registry.ts'
import type { CredentialSource } from './credentials.ts'

const admin = { username: 'admin', password: 'correct horse' }
const reader = { username: 'reader', password: 'battery staple' }
const tokens = await startTokenServer({
  accounts: [
    { ...admin, access: { '**': ['*'] }, catalog: true },
    { ...reader, access: { 'team/**': ['pull'] } },
  ],
  anonymous: { access: { 'public/**': ['pull'] } },
})
const server = await startDockerRegistry({ token: tokens.token })
const proxy = await startFaultProxy(server.url)
const opened: { close(): Promise<void> }[] = []
const open = (credentials?: HttpRegistryOptions['credentials'], url = server.url) => {
  const registry = createHttpRegistry({ name: 'r', url, ...(credentials && { credentials }), timeouts: { retry: 1 } })
  opened.push(registry)
  return registry
}
const app = parseRepositoryName('team/app')
const shared = parseRepositoryName('public/tool')
const tag = parseTag('1')
for (const name of [app, shared]) {
  const repository = open(admin).repository(name)
  await repository.putManifest(tag, await imageFor(repository))
}
let from = 0
beforeEach(() => {
  from = tokens.requests.length
})
afterEach(() => {
  tokens.lifetime = 300
  tokens.failWith = undefined
  proxy.clear()
})
afterAll(async () => {
  for (const each of opened) await each.close()
  for (const each of [proxy, server, tokens]) await each.stop()
})
const asked = () => tokens.requests.slice(from)
const scopesAsked = () => asked().map(({ path }) => new URL(path, 'http://t').searchParams.getAll('scope'))

describe('a token', () => {
  it('is fetched once for many requests at the same time, and kept', async () => {
    const repository = open(reader).repository(app)
    await Promise.all(Array.from({ length: 10 }, () => repository.manifest(tag)))
    await repository.resolve(tag)
    expect(scopesAsked()).toEqual([['repository:team/app:pull']])
    expect(asked()[0]?.path).toContain('service=lading+test+registry')
  })

  it('is fetched without credentials if anybody may pull', async () => {
    await open().repository(shared).manifest(tag)
    expect(asked()[0]?.headers.authorization).toBeUndefined()
    await expect(open().repository(app).manifest(tag)).rejects.toMatchObject({ name: 'RegistryError', status: 401 })
  })

  it('that expires during a job is renewed once, and the job continues', async () => {
    const repository = open(reader, proxy.url).repository(app)
    await repository.manifest(tag)
    proxy.on({ path: '/manifests/', nth: 1, fault: { kind: 'drop-authorization' } })
    await repository.manifest(tag)
    expect(scopesAsked()).toHaveLength(2)
  })

  it('that is refused when new isn’t fetched for ever', async () => {
    tokens.lifetime = -3_600
    await expect(open(reader).repository(app).manifest(tag)).rejects.toMatchObject({ kind: 'unauthorized' })
    expect(asked().length).toBeLessThanOrEqual(2)
  })

  it('may push and delete if the account may', async () => {
    const repository = open(admin).repository(parseRepositoryName('team/mine'))
    const { digest } = await repository.putManifest(tag, await imageFor(repository))
    await repository.deleteManifest(digest, { expectTags: [tag] })
    expect((await collect(repository.tags())).items).toEqual([])
  })

  it('is requested with the scopes that the registry wanted last time', async () => {
    const repository = open(admin).repository(app)
    await repository.deletes()
    const before = asked().length
    expect((await repository.deletes()).manifest.state).toBe('yes')
    expect(asked().length).toBe(before)
  })
})

describe('an account', () => {
  it('without the right to push or delete is denied, after * was tried', async () => {
    const repository = open(reader).repository(app)
    await expect(repository.putBlob(Buffer.from('x'))).rejects.toMatchObject({ kind: 'denied' })
    expect(await repository.deletes()).toMatchObject({ manifest: { state: 'no' }, tagStrategy: 'none' })
    expect(scopesAsked().flat()).toContain('repository:team/app:*')
  })

  it('without the right to list the catalog is reported to have none', async () => {
    await expect(collect(open(reader).repositories())).rejects.toMatchObject({ kind: 'unsupported' })
    expect((await collect(open(admin).repositories())).items).toContain(app)
    expect((await open(reader).capabilities()).catalog).toMatchObject({ state: 'no' })
  })

  it('with a wrong password is refused, naming only the host', async () => {
    const wrong = { username: 'admin', password: 'guess' }
    await expect(open(wrong).ping()).rejects.toMatchObject({ kind: 'unauthorized', status: 401 })
  })

  it('logs in with an identity token, by POST', async () => {
    const source: CredentialSource = async () => ({ identityToken: 'identity-reader' })
    await open(source).repository(app).manifest(tag)
    expect(asked()[0]).toMatchObject({ method: 'POST' })
    expect(asked()[0]?.body).toContain('grant_type=refresh_token')
  })
})

it('reports a token server’s failure', async () => {
  tokens.failWith = 503
  await expect(open(reader).repository(app).manifest(tag)).rejects.toMatchObject({ kind: 'unavailable' })
})

describe('Basic', () => {
  it('logs in, and a wrong password is refused', async () => {
    const basic = await startDockerRegistry({ htpasswd: admin })
    await open(admin, basic.url).ping()
    await open(undefined, basic.url.replace('//', `//admin:${encodeURIComponent(admin.password)}@`)).ping()
    await expect(open(undefined, basic.url).ping()).rejects.toMatchObject({ kind: 'unauthorized' })
    await expect(open({ ...admin, password: 'x' }, basic.url).ping()).rejects.toMatchObject({ kind: 'unauthorized' })
    await basic.stop()
  })
})

describe('a registry that shows strangers less instead of asking who they are', () => {
  /** As Quay, which challenges at /v2/ alone, and zot, which does so in an answer to everybody. */
  const start = (status: number, challenge: (url: string) => string) => {
    const started = startHttpServer(async (request, response) => {
      const { url } = await started
      if (request.url?.startsWith('/token')) return void response.end('{"token":"known"}')
      const isKnown = request.headers.authorization !== undefined
      const json = { 'content-type': 'application/json' }
      const headers = isKnown ? json : { ...json, 'www-authenticate': challenge(url) }
      if (request.url === '/v2/') return void response.writeHead(isKnown ? 200 : status, headers).end('{}')
      const repositories = isKnown ? ['public/tool', 'team/app'] : ['public/tool']
      response.writeHead(200, json).end(JSON.stringify({ repositories }))
    })
    return started
  }

  it.each([
    ['Quay', 401, (url: string) => `Bearer realm="${url}/token",service="q"`],
    ['zot', 200, () => 'basic realm=zot'],
  ])('is told who asks before it lists its repositories: %s', async (_name, status, challenge) => {
    await using lenient = await start(status, challenge)
    expect((await collect(open(admin, lenient.url).repositories())).items).toEqual(['public/tool', 'team/app'])
    expect((await collect(open(undefined, lenient.url).repositories())).items).toEqual(['public/tool'])
  })

  it('is asked once if it asks nobody, and never without credentials', async () => {
    await using everybodys = await startHttpServer((_request, response) => {
      response.writeHead(200, { 'content-type': 'application/json' }).end('{"repositories":["a"]}')
    })
    const pings = () => everybodys.requests.filter(({ path }) => path === '/v2/').length
    await collect(open(undefined, everybodys.url).repositories())
    expect(pings()).toBe(0)
    const registry = open(admin, everybodys.url)
    await Promise.all([collect(registry.repositories()), collect(registry.repositories())])
    await collect(registry.repositories())
    expect(pings()).toBe(1)
  })
})

describe('a challenge', () => {
  it('in a response that admits everybody is answered too, as zot means it', async () => {
    const zot = await startHttpServer((request, response) => {
      const known = request.headers.authorization === `Basic ${Buffer.from('admin:correct horse').toString('base64')}`
      const status = request.headers.authorization && !known ? 401 : 200
      response.writeHead(status, { ...(!known && { 'www-authenticate': 'basic realm=zot' }) }).end()
    })
    await open(admin, zot.url).ping()
    await open(undefined, zot.url).ping()
    await expect(open({ ...admin, password: 'x' }, zot.url).ping()).rejects.toMatchObject({ kind: 'unauthorized' })
    await zot.stop()
  })

  it.each(['basic', 'bearer'])('that names a token server which is gone is replaced by the next, %s', async (now) => {
    let realm = 'http://127.0.0.1:1/token'
    const moved = await startHttpServer((request, response) => {
      if (request.url?.startsWith('/token')) return void response.end(JSON.stringify({ token: 'new' }))
      const wanted = now === 'basic' ? `Basic ${btoa('admin:correct horse')}` : 'Bearer new'
      if (request.headers.authorization === wanted)
        return void response.writeHead(200, { 'content-type': 'application/json' }).end('{"tags":["1"]}')
      const isGone = realm.includes(':1/')
      const challenge = now === 'basic' && !isGone ? 'basic realm=x' : `Bearer realm="${realm}",service="s"`
      response.writeHead(401, { 'www-authenticate': challenge }).end()
    })
    const repository = open(admin, moved.url).repository(app)
    for (let n = 0; n < 2; n++) await expect(collect(repository.tags())).rejects.toMatchObject({ kind: 'unreachable' })
    realm = `${moved.url}/token`
    await collect(repository.tags()).catch(() => undefined)
    expect((await collect(repository.tags())).items).toEqual(['1'])
    await moved.stop()
  })

  it('that only /v2/ explains is looked up there', async () => {
    let seen: string | undefined
    const odd = await startHttpServer((request, response) => {
      seen = request.headers.authorization
      if (seen) response.writeHead(200, { 'content-type': 'application/json' }).end('{"tags":["1"]}')
      else if (request.url === '/v2/') response.writeHead(401, { 'www-authenticate': 'basic realm=zot' }).end()
      else response.writeHead(401).end()
    })
    expect((await collect(open(admin, odd.url).repository(app).tags())).items).toEqual(['1'])
    expect(seen).toMatch(/^Basic /)
    await odd.stop()
  })

  it('for deletion is answered with * if delete is granted nothing, as on quay.io', async () => {
    const quay = await startHttpServer((request, response) => {
      const url = new URL(request.url ?? '', quay.url)
      const scope = url.searchParams.get('scope')
      if (url.pathname === '/token')
        return void response.end(JSON.stringify({ token: scope?.endsWith(':*') ? 'all' : 'nothing' }))
      const challenge = `Bearer realm="${quay.url}/token",service="q",scope="repository:team/app:*",error="insufficient_scope"`
      if (request.headers.authorization === 'Bearer all')
        response.writeHead(404).end('{"errors":[{"code":"MANIFEST_UNKNOWN"}]}')
      else response.writeHead(401, { 'www-authenticate': challenge.replace(':*', ':delete') }).end()
    })
    expect((await open(admin, quay.url).repository(app).deletes()).manifest.state).toBe('yes')
    await quay.stop()
  })
})

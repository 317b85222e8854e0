import { afterAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { parseRepositoryName } from '../../../oci/reference.ts'
import { startHttpServer } from '../../../testing/servers/http-server.ts'
import { collect } from '../../listing.ts'
import { createHttpRegistry, type HttpRegistry } from '../http-registry.ts'

/** Rights as in Harbor: every signed-in user may pull, administrators may list. */
let may: { signIn: boolean; list: boolean } = { signIn: true, list: false }
const server = await startHttpServer((request, response) => {
  const path = request.url ?? ''
  if (path.startsWith('/token')) return void response.writeHead(may.signIn ? 200 : 401).end('{"token":"t"}')
  const signedIn = request.headers.authorization === 'Bearer t'
  if (signedIn && (path === '/v2/' || may.list)) return void response.end('{"repositories":["team/app","team/other"]}')
  // No `error=` in the challenge.
  response
    .writeHead(401, { 'www-authenticate': `Bearer realm="${server.url}/token",service="harbor-registry"` })
    .end('{"errors":[{"code":"UNAUTHORIZED","message":"unauthorized to list catalog"}]}')
})
const configured = parseRepositoryName('team/app')
const credentials = { username: 'ann', password: 'secret' }
let registry: HttpRegistry
beforeEach(() => {
  may = { signIn: true, list: false }
  server.requests.length = 0
  registry = createHttpRegistry({ name: 'harbor', url: server.url, credentials, repositories: [configured] })
  return async () => {
    vi.restoreAllMocks()
    await registry.close()
  }
})
afterAll(() => server.stop())

describe('a catalog refused with 401', () => {
  it('to an authenticated account doesn’t exist: the configured repositories are the list', async () => {
    expect(await collect(registry.repositories())).toEqual({ items: [configured], end: { complete: true } })
    expect((await registry.capabilities()).catalog.state).toBe('no')
    const bare = createHttpRegistry({ name: 'bare', url: server.url, credentials })
    await expect(collect(bare.repositories())).rejects.toMatchObject({ kind: 'unsupported', status: 401 })
    await bare.close()
  })

  it('isn’t requested again at once', async () => {
    await collect(registry.repositories())
    const { length } = server.requests
    expect((await collect(registry.repositories())).items).toEqual([configured])
    expect(server.requests).toHaveLength(length)
  })

  it('to wrong credentials is just that', async () => {
    may.signIn = false
    await expect(collect(registry.repositories())).rejects.toMatchObject({ kind: 'unauthorized' })
  })
})

it('rights granted meanwhile are noticed within a minute', async () => {
  expect((await registry.capabilities()).catalog.state).toBe('no')
  await collect(registry.repositories())
  may.list = true
  expect((await registry.capabilities()).catalog.state).toBe('no')
  vi.spyOn(Date, 'now').mockReturnValue(Date.now() + 60_001)
  expect((await registry.capabilities()).catalog.state).toBe('yes')
  expect((await collect(registry.repositories())).items).toEqual(['team/app', 'team/other'])
})

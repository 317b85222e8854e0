import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { digestOf } from '../../../oci/digester.ts'
import { parseRepositoryName } from '../../../oci/reference.ts'
import { startHttpServer } from '../../../testing/servers/http-server.ts'
import { createHttpRegistry, type HttpRegistry } from '../http-registry.ts'

const PULL = 'repository:team/app:pull'
const DELETE = 'repository:team/app:delete'
const ALL = 'repository:team/app:*'

/** The token server grants these and answers anything else with `refusal`; the token's value is its scopes. */
let grants: readonly string[] = []
let refusal = 400
/** What the registry wants for deletions, and asks for in its challenge. */
let wanted = ''
let challenged: string | undefined
const server = await startHttpServer((request, response) => {
  const url = new URL(request.url ?? '', server.url)
  if (url.pathname === '/token') {
    const scopes = url.searchParams.getAll('scope').join(' ')
    if (grants.includes(scopes)) return void response.end(JSON.stringify({ token: btoa(scopes) }))
    return void response.writeHead(refusal).end('{"details":"unknown action"}')
  }
  const needed = request.method === 'DELETE' ? wanted : PULL
  if (request.headers.authorization === `Bearer ${btoa(needed)}`)
    return void response.writeHead(404).end('{"errors":[{"code":"MANIFEST_UNKNOWN"}]}')
  const scope = request.method === 'DELETE' ? challenged : PULL
  const header = `Bearer realm="${server.url}/token",service="s"${scope === undefined ? '' : `,scope="${scope}"`}`
  response.writeHead(401, { 'www-authenticate': header }).end()
})
const digest = digestOf('x')
const credentials = { username: 'u', password: 'p' }
let registry: HttpRegistry
beforeEach(() => {
  server.requests.length = 0
  refusal = 400
  registry = createHttpRegistry({ name: 'r', url: server.url, credentials, timeouts: { retry: 1 } })
})
afterAll(() => server.stop())

const asked = () =>
  server.requests.flatMap(({ path }) =>
    path.startsWith('/token') ? [new URL(path, server.url).searchParams.getAll('scope').join(' ')] : [],
  )
/** A pull before, so that the scheme is known and a token is held. */
async function deleteBlob() {
  const repository = registry.repository(parseRepositoryName('team/app'))
  await repository.statBlob(digest)
  server.requests.length = 0
  return repository.deleteBlob(digest)
}

describe.each([400, 403])('a token server that refuses a guessed scope with %i', (status) => {
  beforeEach(() => {
    refusal = status
  })

  it('leaves the decision to the registry, which may accept the current token', async () => {
    ;[grants, wanted, challenged] = [[PULL], PULL, PULL]
    await expect(deleteBlob()).rejects.toMatchObject({ kind: 'not-found' })
    expect(asked()).toEqual([DELETE])
    expect(server.requests.filter(({ method }) => method === 'DELETE')).toHaveLength(1)
  })

  it('is then asked for exactly what the registry challenges for, and directly the next time', async () => {
    const push = 'repository:team/app:pull,push'
    ;[grants, wanted, challenged] = [[PULL, push], push, push]
    await expect(deleteBlob()).rejects.toMatchObject({ kind: 'not-found' })
    expect(asked()).toEqual([DELETE, push])
    await expect(registry.repository(parseRepositoryName('team/app')).deleteBlob(digest)).rejects.toMatchObject({
      kind: 'not-found',
    })
    expect(asked()).toEqual([DELETE, push])
  })

  it('is asked for everything last', async () => {
    ;[grants, wanted, challenged] = [[PULL, ALL], ALL, DELETE]
    await expect(deleteBlob()).rejects.toMatchObject({ kind: 'not-found' })
    expect(asked()).toEqual([DELETE, ALL])
  })

  it('is quoted when it refuses that, too', async () => {
    ;[grants, wanted, challenged] = [[PULL], 'nothing', DELETE]
    await expect(deleteBlob()).rejects.toMatchObject({ name: 'RegistryError', detail: 'unknown action' })
    expect(asked()).toEqual([DELETE, ALL])
  })
})

it.each([
  ['refuses', [PULL, 'aws'], [DELETE, 'aws']],
  ['grants', [PULL, 'aws', DELETE], [DELETE, `aws ${DELETE}`, 'aws']],
])('passes on a scope of another form (public.ecr.aws) where the server %s our guess', async (_name, granted, path) => {
  ;[grants, wanted, challenged] = [granted, 'aws', 'aws']
  await expect(deleteBlob()).rejects.toMatchObject({ kind: 'not-found' })
  expect(asked()).toEqual(path)
})

it('is asked once with a wrong password', async () => {
  ;[grants, wanted, challenged] = [[], DELETE, DELETE]
  refusal = 401
  const deletion = registry.repository(parseRepositoryName('team/app')).deleteBlob(digest)
  await expect(deletion).rejects.toMatchObject({ kind: 'unauthorized' })
  expect(asked()).toEqual([DELETE])
})

import { afterAll, beforeEach, expect, it } from 'vitest'
import { digestOf } from '../../../oci/digester.ts'
import { parseRepositoryName } from '../../../oci/reference.ts'
import { cpuTime } from '../../../testing/cpu-time.ts'
import { startCanary } from '../../../testing/servers/canary.ts'
import { startHttpServer } from '../../../testing/servers/http-server.ts'
import { collect } from '../../listing.ts'
import { createHttpRegistry } from '../http-registry.ts'
import { nextLink } from './next-link.ts'
import { MAX_PAGES } from './pagination.ts'

type Page = (path: string, turn: number) => { status?: number; link?: string; body: string; type?: string }

let page: Page
const server = await startHttpServer((request, response) => {
  const { status = 200, link, body, type = 'application/json' } = page(request.url ?? '', server.requests.length)
  response.writeHead(status, { 'content-type': type, ...(link && { link }) }).end(body)
})
const canary = await startCanary()
const registry = createHttpRegistry({ name: 'pages', url: server.url, timeouts: { retry: 1 } })
const repository = registry.repository(parseRepositoryName('team/app'))
const tags = (...list: (string | null)[]) => JSON.stringify({ name: 'team/app', tags: list })
beforeEach(() => {
  server.requests.length = 0
})
afterAll(async () => {
  await registry.close()
  await server.stop()
  await canary.stop()
})

it.each([
  ['</v2/a?n=1&last=b>; rel="next"', '/v2/a?n=1&last=b'],
  ['</v2/a>; rel=next', '/v2/a'],
  ['</prev>; rel="prev", </next>; title="x"; rel="last next"', '/next'],
  ['</v2/a b/tags?last=ü>; rel="next"', '/v2/a b/tags?last=ü'],
  ['</prev>; rel="prev"', undefined],
  ['</x>; rel="nextest"', undefined],
  ['</a>; title="rel=next, <x>"; rel=prev, </b>;rel=NEXT', '/b'],
  ['</a>; rel="prev"; rel="next"', undefined],
  ['</a>; nofollow ; rel = "next"', '/a'],
  ['</a>;;rel=next', '/a'],
  ['</a', undefined],
  ['rubbish', undefined],
  [undefined, undefined],
])('finds the next page in %j', (link, expected) => {
  expect(nextLink(link)).toBe(expected)
})

it('follows pages to the end, each name once, skipping empty entries', async () => {
  page = (path) =>
    path.includes('last=b')
      ? { body: tags('b', 'c', '', null) }
      : { body: tags('a', 'b'), link: '</v2/team/app/tags/list?last=b>; rel="next"' }
  expect(await collect(repository.tags())).toEqual({ items: ['a', 'b', 'c'], end: { complete: true, pages: 2 } })
})

it.each([
  ['an empty list', { body: tags() }],
  ['null', { body: '{"name":"team/app","tags":null}' }],
  ['a list that is left out', { body: '{"name":"team/app"}' }],
  ['a repository that is unknown', { status: 404, body: '{"errors":[{"code":"NAME_UNKNOWN"}]}' }],
])('reads %s as no tags', async (_name, answer) => {
  page = () => answer
  expect(await collect(repository.tags())).toEqual({ items: [], end: { complete: true } })
})

it.each([
  ['an error under 200', 200, '{"errors":[{"code":"UNAUTHORIZED","message":"no"}]}'],
  ['another document', 200, '{"status":"ok"}'],
  ['a list of something', 200, '["a"]'],
  ['text where the list is', 200, '{"name":"team/app","tags":"a"}'],
])('doesn’t read %s as no tags and no repositories', async (_name, status, body) => {
  page = () => ({ status, body })
  const refusal = { kind: 'malformed', message: expect.stringContaining('where a list was expected') }
  await expect(collect(repository.tags())).rejects.toMatchObject(refusal)
  await expect(collect(registry.repositories())).rejects.toMatchObject(refusal)
})

it('reports a partial list when a later page is something else', async () => {
  page = (path) =>
    path.includes('last=a')
      ? { body: '{"errors":[{"code":"UNKNOWN"}]}' }
      : { body: tags('a'), link: '</v2/team/app/tags/list?last=a>; rel="next"' }
  expect(await collect(repository.tags())).toMatchObject({ items: ['a'], end: { complete: false } })
})

it.each([
  ['of a proxy', '<html>not found</html>', 'text/html'],
  ['of another program', '404 page not found', 'text/plain'],
])('doesn’t read the 404 %s, which says nothing of the repository, as no tags', async (_name, body, type) => {
  page = () => ({ status: 404, body, type })
  expect(await collect(repository.tags())).toMatchObject({ items: [], end: { complete: false } })
})

// Nexus behind a port of its own (sonatype/nexus-public#1011), and Artifactory behind a host for each repository.
it.each(['/repository/hub/v2/team/app/tags/list', '/v2/hub/team/app/tags/list'])(
  'requests the next page where the first is, whatever path the server knows it by: %s',
  async (path) => {
    page = (asked) => {
      if (!asked.startsWith('/v2/team/app/tags/list')) return { status: 400, body: '{}' }
      return asked.includes('last=a') ? { body: tags('b') } : { body: tags('a'), link: `<${path}?last=a>; rel="next"` }
    }
    expect(await collect(repository.tags())).toEqual({ items: ['a', 'b'], end: { complete: true, pages: 2 } })
  },
)

it('reports a partial list when a page leads to itself', async () => {
  page = () => ({ body: tags('a'), link: '</v2/team/app/tags/list?n=1000>; rel="next"' })
  expect(await collect(repository.tags())).toMatchObject({ items: ['a'], end: { complete: false } })
  expect(server.requests).toHaveLength(1)
})

it('reports one after too many pages', async () => {
  page = (_path, turn) => ({ body: tags(`t${turn}`), link: `</v2/team/app/tags/list?last=t${turn}>; rel="next"` })
  const { items, end } = await collect(repository.tags())
  expect(items).toHaveLength(MAX_PAGES)
  expect(end.complete).toBe(false)
})

it('reports referrers that never end as partial after few enough pages for each view', async () => {
  page = (path, turn) => ({
    type: 'application/vnd.oci.image.index.v1+json',
    body: '{"schemaVersion":2,"manifests":[]}',
    link: `<${path.split('?')[0]}?last=${turn}>; rel="next"`,
  })
  const { end } = await collect(repository.referrers(digestOf('image')))
  expect(end.complete).toBe(false)
  expect(server.requests.length).toBeLessThanOrEqual(100)
})

it('requests the page that a link to another host names from its own', async () => {
  page = (path) => {
    const from = Number(new URL(path, 'http://r').searchParams.get('last') ?? 0)
    const names = Array.from({ length: Math.min(3, 10 - from) }, (_, i) => `t${from + i + 1}`)
    const last = from + names.length
    const link = `<${canary.url}/v2/team/app/tags/list?n=3&last=${last}>; rel="next"`
    return { body: tags(...names), ...(last < 10 && { link }) }
  }
  const { items, end } = await collect(repository.tags())
  expect([items.length, end]).toEqual([10, { complete: true, pages: 4 }])
  expect(canary.requests).toEqual([])
})

it('asks no other host for a page', async () => {
  page = () => ({ body: tags('a'), link: `<${canary.url}/v2/team/app/tags/list>; rel="next"` })
  expect(await collect(repository.tags())).toMatchObject({ items: ['a'], end: { complete: false } })
  expect(canary.requests).toEqual([])
})

it('keeps what came before a page that fails, as zot’s does when the last name was deleted', async () => {
  page = (path) =>
    path.includes('last')
      ? { status: 404, body: '{}' }
      : { body: tags('a'), link: '</v2/team/app/tags/list?last=a>; rel="next"' }
  expect(await collect(repository.tags())).toMatchObject({ items: ['a'], end: { complete: false } })
})

it('reports how many invalid names it left out', async () => {
  page = () => ({ body: tags('ok', '../../etc', 'a b') })
  expect(await collect(repository.tags())).toEqual({
    items: ['ok'],
    end: { complete: false, reason: '2 invalid names were left out' },
  })
})

it.each([
  ['a web page', '<html>Sign in</html>', 'text/html', 'malformed'],
  ['half of a document', '{"tags":["a"', 'application/json', 'malformed'],
])('reports %s instead of a list', async (_name, body, type, kind) => {
  page = () => ({ body, type })
  await expect(collect(repository.tags())).rejects.toMatchObject({ kind })
})

it('requests the largest page of the catalog, and smaller ones if that is refused', async () => {
  const small = createHttpRegistry({ name: 'small', url: server.url })
  page = (path) =>
    path.includes('n=10000')
      ? { status: 400, body: '{"errors":[{"code":"PAGINATION_NUMBER_INVALID"}]}' }
      : { body: '{"repositories":["a","b/c"]}' }
  for (let i = 0; i < 2; i++) expect((await collect(small.repositories())).items).toEqual(['a', 'b/c'])
  expect(server.requests.map(({ path }) => path)).toEqual([
    '/v2/_catalog?n=10000',
    '/v2/_catalog?n=1000',
    '/v2/_catalog?n=1000',
  ])
  await small.close()
})

it('lists the configured repositories without a catalog, and reports a registry that has neither', async () => {
  page = () => ({ status: 404, body: '404 page not found' })
  const name = parseRepositoryName('library/alpine')
  const hub = createHttpRegistry({ name: 'hub', url: server.url, repositories: [name] })
  expect(await collect(hub.repositories())).toEqual({ items: [name], end: { complete: true } })
  await expect(collect(registry.repositories())).rejects.toMatchObject({ kind: 'unsupported' })
  await hub.close()
})

it.each([
  ['of nothing but "<"', '<'.repeat(16_000)],
  ['of spaces', `<a>;rel=${' '.repeat(15_900)}x`],
  ['of parameters', `<a>${';rel= '.repeat(2_600)}`],
  ['of open quotes', `<a>;x="${'<a>;y="'.repeat(2_000)}`],
])('reads a Link header %s in no time', (_name, header) => {
  const { took } = cpuTime(() => {
    for (let i = 0; i < 20; i++) nextLink(header)
  })
  expect(took).toBeLessThan(200)
})

it('refuses a list that nests endlessly', async () => {
  page = () => ({ body: `{"tags":["a"],"more":${'['.repeat(100_000)}${']'.repeat(100_000)}}` })
  await expect(collect(repository.tags())).rejects.toMatchObject({ kind: 'malformed' })
})

it('ends a list of a million entries, and says so', async () => {
  const body = (turn: number) => JSON.stringify({ tags: Array.from({ length: 600_000 }, (_, i) => `t${turn}-${i}`) })
  page = (_path, turn) => ({ body: body(turn), link: `</v2/team/app/tags/list?last=${turn}>; rel="next"` })
  let count = 0
  const listing = repository.tags()
  for (;;) {
    const next = await listing.next()
    if (next.done) {
      expect(next.value).toMatchObject({ complete: false, reason: 'stopped after 1000000 entries' })
      break
    }
    count++
  }
  expect(count).toBe(1_000_000)
  expect(server.requests).toHaveLength(2)
})

it('ends a list that repeats itself at length, and says so', async () => {
  const body = tags('a').padEnd(30 * 1024 * 1024)
  page = (_path, turn) => ({ body, link: `</v2/team/app/tags/list?last=${turn}>; rel="next"` })
  expect(await collect(repository.tags())).toMatchObject({
    items: ['a'],
    end: { complete: false, reason: 'stopped after 256 MiB' },
  })
})

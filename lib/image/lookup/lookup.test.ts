import { describe, expect, it } from 'vitest'
import { parseRepositoryName } from '../../oci/reference.ts'
import { createHttpRegistry } from '../../registry/http/http-registry.ts'
import { startDockerRegistry } from '../../testing/servers/docker-registry.ts'
import { startFaultProxy } from '../../testing/servers/fault-proxy.ts'
import { startHttpServer } from '../../testing/servers/http-server.ts'
import { describeHomes } from '../testing/homes.ts'
import { putArtifact, putImage } from '../testing/images.ts'
import { lookup, lookupRepository } from './lookup.ts'

describeHomes('searching a registry', (home) => {
  it('ranks the exact name first, then prefixes, then the rest', async () => {
    const { registry } = home()
    for (const name of ['zoo/proxy', 'zoo/proxy-admin', 'a/reproxy', 'zoo/other'])
      await putImage(registry.repository(parseRepositoryName(name)), { tags: ['1'] })
    const result = await lookup(registry, 'PROXY')
    const items = ['zoo/proxy', 'zoo/proxy-admin', 'a/reproxy']
    expect(result).toEqual({ items, found: 3, end: { complete: true }, source: 'catalog' })
    expect((await lookup(registry, 'zoo', { limit: 1 })).items).toEqual(['zoo/other'])
    expect((await lookup(registry, 'zoo', { limit: 1 })).found).toBe(3)
    expect((await lookup(registry, 'nowhere')).items).toEqual([])
  })

  it('finds a repository that has tags', async () => {
    const repository = home().fresh()
    expect(await lookupRepository(home().registry, repository.name)).toBeUndefined()
    await putImage(repository, { tags: ['1', '2', '3'] })
    expect((await lookupRepository(home().registry, repository.name))?.name).toBe(repository.name)
  })

  it('finds a repository by what its tags hold', async () => {
    const { registry, fresh } = home()
    const [images, charts, empty] = [fresh(), fresh(), fresh()]
    await putImage(images, { tags: ['1'] })
    await putArtifact(charts, [{ mediaType: 'text/plain', content: 'x' }], { tags: ['1'] })
    expect(await lookupRepository(registry, images.name, { kind: 'image' })).toBeDefined()
    expect(await lookupRepository(registry, images.name, { kind: 'artifact' })).toBeUndefined()
    expect(await lookupRepository(registry, charts.name, { kind: 'artifact' })).toBeDefined()
    expect(await lookupRepository(registry, charts.name, { kind: 'image' })).toBeUndefined()
    expect(await lookupRepository(registry, empty.name, { kind: 'image' })).toBeUndefined()
  })
})

describe('a repository without tags', () => {
  it('exists when the catalog names it, and a registry that lists nothing has none', async () => {
    await using server = await startDockerRegistry()
    await using proxy = await startFaultProxy(server.url)
    const registry = createHttpRegistry({ name: 'r', url: proxy.url, timeouts: { retry: 1 } })
    const name = parseRepositoryName('team/untagged')
    const repository = registry.repository(name)
    await putImage(repository)
    expect((await lookupRepository(registry, name))?.name).toBe(name)
    expect(await lookupRepository(registry, parseRepositoryName('team/none'))).toBeUndefined()
    proxy.on({ path: '/_catalog', fault: { kind: 'answer', status: 404 } })
    expect(await lookupRepository(registry, name)).toBeUndefined()
    proxy.clear()
    proxy.on({ path: '/_catalog', fault: { kind: 'answer', status: 500 } })
    // The first one remembers for a while that it was given no catalog.
    const other = createHttpRegistry({ name: 'other', url: proxy.url, timeouts: { retry: 1 } })
    await expect(lookupRepository(other, name)).rejects.toMatchObject({ kind: 'unavailable' })
    for (const each of [registry, other]) await each.close()
  })
})

/**
 * No registry here has a search of its own: this one answers as documented for `docker search`, and as Docker Hub,
 * Quay, Artifactory and Harbor are said to.
 */
describe('a registry with a search of its own', () => {
  const results = [
    { name: 'nginx', description: 'Official build', star_count: 9, is_official: true, is_automated: false },
    { name: 'team/nginx-exporter', description: '', is_official: false },
    { name: 'team/proxy', description: 'Made of nginx', is_official: false },
    { name: '../../etc', is_official: false },
    { name: 7 },
    null,
  ]
  const found = JSON.stringify({ num_pages: 1, num_results: 3, page: 1, page_size: 100, query: 'nginx', results })

  it('is used instead of its catalog, with docker search’s endpoint and parameters', async () => {
    await using front = await startHttpServer((_, response) => void response.end(found))
    const registry = createHttpRegistry({ name: 'hub', url: `${front.url}/api/docker/hub` })
    expect(await lookup(registry, ' Nginx & co ', { limit: 25 })).toEqual({
      items: ['library/nginx', 'team/nginx-exporter', 'team/proxy'],
      found: 3,
      end: { complete: true },
      source: 'search',
    })
    expect(front.requests.map(({ path }) => path)).toEqual(['/api/docker/hub/v1/search?q=Nginx+%26+co&n=25'])
    await registry.close()
  })

  it('reports when it returned fewer than it found', async () => {
    const many = JSON.stringify({ num_results: 340, results: results.slice(0, 2) })
    await using front = await startHttpServer((_, response) => void response.end(many))
    const registry = createHttpRegistry({ name: 'hub', url: front.url })
    const { found: total, end } = await lookup(registry, 'nginx')
    expect([total, end]).toEqual([340, { complete: false, reason: 'the registry sent 2 of 340 results' }])
    await registry.close()
  })

  it.each([
    ['nothing found', 200, '{"num_results":0,"results":[]}'],
    ['a web page for every path', 200, '<!doctype html><title>Harbor</title>'],
    ['a refusal', 403, '{}'],
    ['no such path', 404, ''],
    ['more than 1 MiB', 200, `{"results":[],"more":"${'x'.repeat(1024 * 1024)}"}`],
  ])('doesn’t keep the catalog from being read when it answers %s', async (_what, status, body) => {
    await using server = await startDockerRegistry()
    await using proxy = await startFaultProxy(server.url)
    proxy.on({ path: '/v1/search', fault: { kind: 'answer', status, body } })
    const registry = createHttpRegistry({ name: 'r', url: proxy.url })
    await putImage(registry.repository(parseRepositoryName('team/nginx')), { tags: ['1'] })
    expect(await lookup(registry, 'nginx')).toMatchObject({ items: ['team/nginx'], source: 'catalog' })
    await lookup(registry, 'nginx')
    // If there isn't one, the registry isn't asked again.
    expect(proxy.count('GET', '/v1/search')).toBe(body.includes('num_results') ? 2 : 1)
    await registry.close()
  })

  it('finds nothing without a catalog either, and names the error', async () => {
    await using server = await startDockerRegistry()
    await using proxy = await startFaultProxy(server.url)
    proxy.on({ path: '/_catalog', fault: { kind: 'answer', status: 404 } })
    const forget = proxy.on({ path: '/v1/search', fault: { kind: 'answer', status: 200, body: '{"results":[]}' } })
    const registry = createHttpRegistry({ name: 'r', url: proxy.url, timeouts: { retry: 1 } })
    expect(await lookup(registry, 'nginx')).toEqual({ items: [], found: 0, end: { complete: true }, source: 'search' })
    forget()
    proxy.on({ path: '/v1/search', nth: [1, 3], fault: { kind: 'answer', status: 503 } })
    await expect(lookup(registry, 'nginx')).rejects.toMatchObject({ kind: 'unavailable' })
    await expect(lookup(registry, 'nginx')).rejects.toMatchObject({ kind: 'unsupported' })
    await registry.close()
  })

  it('gets the registry’s credentials, and no redirect target does', async () => {
    await using canary = await startHttpServer((_, response) => void response.end(found))
    await using front = await startHttpServer((request, response) => {
      if (request.headers.authorization) response.writeHead(302, { location: `${canary.url}/v1/search` }).end()
      else response.writeHead(401, { 'www-authenticate': 'Basic realm="r"' }).end()
    })
    const credentials = { username: 'anna', password: 'secret' }
    const registry = createHttpRegistry({ name: 'r', url: front.url, credentials })
    await registry.search('nginx')
    expect(front.requests.at(-1)?.headers.authorization).toMatch(/^Basic /)
    expect(canary.requests.map(({ headers }) => headers.authorization)).toEqual([undefined])
    await registry.close()
  })
})

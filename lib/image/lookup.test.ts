import { describe, expect, it } from 'vitest'
import { startDockerRegistry } from '../../e2e/servers/docker-registry.ts'
import { startFaultProxy } from '../../e2e/servers/fault-proxy.ts'
import { parseRepositoryName } from '../oci/reference.ts'
import { createHttpRegistry } from '../registry/http/http-registry.ts'
import { lookup, lookupRepository } from './lookup.ts'
import { describeHomes } from './testing/homes.ts'
import { putArtifact, putImage } from './testing/images.ts'

describeHomes('searching a registry', (home) => {
  it('puts the repository of that name first, then beginnings, then the rest', async () => {
    const { registry } = home()
    for (const name of ['zoo/proxy', 'zoo/proxy-admin', 'a/reproxy', 'zoo/other'])
      await putImage(registry.repository(parseRepositoryName(name)), { tags: ['1'] })
    const result = await lookup(registry, 'PROXY')
    expect(result).toEqual({ items: ['zoo/proxy', 'zoo/proxy-admin', 'a/reproxy'], found: 3, end: { complete: true } })
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
  it('is there when the catalog names it, and a registry that lists nothing has none', async () => {
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

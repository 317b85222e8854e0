import { afterAll, expect, it } from 'vitest'
import { parseRepositoryName } from '../../oci/reference.ts'
import { createHttpRegistry } from '../../registry/http/http-registry.ts'
import { startDockerRegistry } from '../../testing/servers/docker-registry.ts'
import { startFaultProxy } from '../../testing/servers/fault-proxy.ts'
import { lookupRepository } from '../lookup/lookup.ts'
import { lookupManifest } from '../lookup/lookup-manifest.ts'
import { putImage } from '../testing/images.ts'

const server = await startDockerRegistry()
const proxy = await startFaultProxy(server.url)
const registry = createHttpRegistry({ name: 'r', url: proxy.url, timeouts: { retry: 1 } })
afterAll(async () => {
  await registry.close()
  await proxy.stop()
  await server.stop()
})

const repository = registry.repository(parseRepositoryName('team/app'))
const tagged = await putImage(repository, { tags: ['1'] })
const untagged = await putImage(repository)
const name = (text: string) => parseRepositoryName(text)

/** Has a list end after what `body` says, with a page that is elsewhere. */
function cut(path: string, body: object) {
  const headers = { link: '<https://elsewhere.example.com/>; rel="next"', 'content-type': 'application/json' }
  return proxy.on({ path, fault: { kind: 'answer', status: 200, headers, body: JSON.stringify(body) } })
}

it('a truncated list of tags doesn’t make a manifest dead', async () => {
  const remove = cut('/v2/team/app/tags/list', { name: 'team/app', tags: ['1'] })
  await expect(lookupManifest(repository, untagged.digest)).rejects.toMatchObject({
    kind: 'unavailable',
    message: expect.stringContaining('can’t determine whether a tag points at'),
  })
  expect((await lookupManifest(repository, tagged.digest))?.digest).toBe(tagged.digest)
  remove()
  expect(await lookupManifest(repository, untagged.digest)).toBeUndefined()
})

it('a truncated catalog doesn’t make a repository absent', async () => {
  const remove = cut('/v2/_catalog', { repositories: ['team/app'] })
  await expect(lookupRepository(registry, name('team/other'))).rejects.toMatchObject({ kind: 'unavailable' })
  expect((await lookupRepository(registry, name('team/app')))?.name).toBe('team/app')
  remove()
  expect(await lookupRepository(registry, name('team/other'))).toBeUndefined()
})

it('an unread repository has no kind', async () => {
  const remove = cut('/v2/team/app/tags/list', { name: 'team/app', tags: [] })
  await expect(lookupRepository(registry, name('team/app'), { kind: 'image' })).rejects.toMatchObject({
    kind: 'unavailable',
  })
  remove()
  expect((await lookupRepository(registry, name('team/app'), { kind: 'image' }))?.name).toBe('team/app')
})

import { afterEach, expect, test, vi } from 'vitest'
import { parseRepositoryName, parseTag } from '../../oci/reference.ts'
import { pushImage } from '../../testing/servers/images.ts'
import { anna } from '../testing/configure.ts'
import { startDataLayer } from '../testing/start-data-layer.ts'

const layer = startDataLayer('SQLite')
afterEach(() => {
  vi.restoreAllMocks()
})

const app = { registry: 'local', repository: parseRepositoryName('team/app') }

async function othersOf(tag: string) {
  const { openRepository } = await import('../registries/open.ts')
  const { manifestRelatives } = await import('./manifest-relatives.ts')
  const repository = openRepository(anna, 'browse', app)
  const { digest } = await repository.resolve(parseTag(tag))
  return (await manifestRelatives(repository, digest, parseTag(tag), undefined)).others
}

test('other tags of an image stay known from one sync to the next, and say since when', async () => {
  await pushImage(layer.url, app.repository, ['1', '1.4', '1.4.2', 'latest'])
  await layer.sync(app.repository)
  const { startCatalog } = await import('../../catalog/the-catalog.ts')
  startCatalog()
  await expect.poll(async () => (await othersOf('1.4.2')).tags.length).toBe(3)
  const then = Date.now()
  const { tags, asOf } = await othersOf('1.4.2')
  expect(new Set(tags)).toEqual(new Set(['1', '1.4', 'latest']))
  expect(asOf).toBeUndefined()
  vi.spyOn(Date, 'now').mockReturnValue(then + 15 * 60_000)
  const later = await othersOf('1.4.2')
  expect(later.tags).toEqual(tags)
  expect(Date.parse(later.asOf ?? '')).toBeLessThanOrEqual(then)
})

import { expect, test } from 'vitest'
import { parseDigest } from '../../oci/digest.ts'
import { parseRepositoryName, parseTag } from '../../oci/reference.ts'
import { pushImage } from '../../testing/servers/images.ts'
import { anna } from '../testing/configure.ts'
import { startDataLayer } from '../testing/start-data-layer.ts'

const layer = startDataLayer('SQLite')

test('tags that Lading deleted are no longer listed when the registry goes down right after, and others stay', async () => {
  const { startCatalog } = await import('../../catalog/the-catalog.ts')
  startCatalog()
  const name = 'team/down'
  const place = { registry: 'local', repository: parseRepositoryName(name) }
  const [a, b, c] = ['a', 'b', 'c'].map(parseTag)
  if (!a || !b || !c) throw new Error('no tags')
  const { digest } = await pushImage(layer.url, name, [a], { labels: { of: a } })
  await pushImage(layer.url, name, [b], { labels: { of: b } })
  const restored = await pushImage(layer.url, name, [c], { labels: { of: c } })
  await layer.sync(name)
  const { removeImage } = await import('../changes/delete-image.ts')
  const remove = (of: string, tag: typeof a) =>
    removeImage(anna, { ...place, digest: parseDigest(of), expectTags: [tag], force: false, layers: false })
  await remove(digest, a)
  const { undo: change = '' } = await remove(restored.digest, c)
  const { undoChange } = await import('../changes/undo.ts')
  await undoChange(anna, { ...place, change })
  layer.proxy.on({ path: /\/v2\//, fault: { kind: 'reset' } })
  const { recordOwnChange, startRechecks } = await import('./recheck.ts')
  startRechecks()
  recordOwnChange(anna, place, [])
  const { readTagPage } = await import('../tags/read-tags.ts')
  const state = { q: '', sort: 'name', dir: 'asc', page: 1, names: '', namesPage: 1 } as const
  const page = () => readTagPage(anna, place, state)
  await expect.poll(async () => (await page()).rows.map(({ tag }) => tag), { timeout: 20_000 }).toEqual([b, c])
  expect(await page()).toMatchObject({ total: 2, lastSeen: expect.anything() })
})

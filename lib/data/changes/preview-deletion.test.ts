import { beforeEach, expect, test } from 'vitest'
import { parseRepositoryName, parseTag } from '../../oci/reference.ts'
import { pushImage } from '../../testing/servers/images.ts'
import { anna } from '../testing/configure.ts'
import { startDataLayer } from '../testing/start-data-layer.ts'

const layer = startDataLayer('SQLite')
const place = { registry: 'local', repository: parseRepositoryName('team/app') }
const TAGS = Array.from({ length: 30 }, (_, i) => `build-${i}`)

beforeEach(() => {
  layer.proxy.requests.length = 0
})

async function preview(tag: string) {
  const { previewChange } = await import('./preview-deletion.ts')
  return previewChange(anna, place, parseTag(tag))
}

/** The catalog sees every tag, as it does for a page or a plan. */
async function look() {
  const { makePlan } = await import('../plans/make-plan.ts')
  await makePlan(anna, { ...place, select: { tags: [parseTag('build-0')] } }, { seenWithin: 0 })
}

test('a preview asks for no tag that was seen lately, but for the one that it is about', async () => {
  await pushImage(layer.url, place.repository, TAGS)
  await pushImage(layer.url, place.repository, ['other'], { labels: { other: '' } })
  await look()
  layer.proxy.requests.length = 0
  const { tagsOnDigest, scannedTags } = await preview('build-0')
  expect(tagsOnDigest).toEqual([...TAGS].sort())
  expect(scannedTags).toBe(31)
  expect(layer.proxy.count('HEAD', '/manifests/build-1')).toBe(0)
  expect(layer.proxy.count('HEAD', '/manifests/build-0')).toBe(1)
})

test('a tag that moved unseen is found by the deletion, and then by the next preview', async () => {
  await look()
  await pushImage(layer.url, place.repository, ['late'])
  const first = await preview('build-0')
  expect(first.tagsOnDigest).toContain('late')
  await look()
  // The same image once more: nobody but the registry knows.
  const moved = await pushImage(layer.url, place.repository, ['other'])
  const second = await preview('build-0')
  expect([second.digest, second.tagsOnDigest.includes('other')]).toEqual([moved.digest, false])
  const { removeImage } = await import('./delete-image.ts')
  const image = {
    ...place,
    digest: moved.digest,
    expectTags: second.tagsOnDigest,
    force: false,
    layers: false,
  } as const
  await expect(removeImage(anna, image as never)).rejects.toMatchObject({ kind: 'conflict' })
  expect((await preview('build-0')).tagsOnDigest).toContain('other')
})

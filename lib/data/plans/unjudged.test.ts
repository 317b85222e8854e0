import { beforeAll, expect, test } from 'vitest'
import { changed } from '../../catalog/changed.ts'
import { startCatalog } from '../../catalog/the-catalog.ts'
import { parseRepositoryName } from '../../oci/reference.ts'
import { pushImage } from '../../testing/servers/images.ts'
import { anna } from '../testing/configure.ts'
import { startDataLayer } from '../testing/start-data-layer.ts'

const layer = startDataLayer('SQLite')
beforeAll(startCatalog)

const place = { registry: 'local', repository: parseRepositoryName('team/judged') }
const select = { matching: 'tag:a-* label:of', except: [] }
const WHY = {
  'a-2': 'The query can’t judge it, because not all of its details have been read',
  'a-3': 'The query can’t judge it, because it can’t be read',
}

const push = (tag: string) => pushImage(layer.url, place.repository, [tag], { labels: { of: tag } })

beforeAll(async () => {
  for (const tag of ['a-1', 'b-1']) await push(tag)
  await layer.sync(place.repository)
  const { config } = await push('a-2')
  for (const tag of ['a-3', 'b-2']) await push(tag)
  const html = { kind: 'answer', status: 200, body: '<html>' } as const
  for (const path of ['/manifests/a-3', `/blobs/${config.digest}`]) layer.proxy.on({ path, fault: html })
  await changed(place)
})

test('a plan says which tags its query can’t judge, and why, also in its export', async () => {
  const { makePlan } = await import('./make-plan.ts')
  const { readPlan } = await import('./read-plan.ts')
  const { exportPlan } = await import('./export-plan.ts')
  const id = await makePlan(anna, { ...place, select })
  const { items, plan, counts } = await readPlan(anna, { id, show: 'all', page: 1 })
  expect(plan).toMatchObject({ unjudged: 2 })
  // The image of a-1 may have the tag that can’t be read.
  expect(counts.skipped.tags).toBe(3)
  const csv = await exportPlan(anna, id, 'csv')
  for (const [tag, reason] of Object.entries(WHY)) {
    expect(items.find((item) => item.reason === reason)).toMatchObject({ kind: 'skipped', tags: [tag] })
    expect(csv).toContain(`${tag},,,,"${reason}"`)
  }
  expect(JSON.parse(await exportPlan(anna, id, 'json'))).toMatchObject({ unjudged: 2 })
})

test('retag and label plans, and a copy, say it too', async () => {
  const { makeRetagPlan } = await import('./make-retag-plan.ts')
  const { makeLabelPlan } = await import('./make-label-plan.ts')
  const { readPlan } = await import('./read-plan.ts')
  const label = { key: 'seen', value: 'yes', mediaType: 'text/plain', publish: false } as const
  for (const id of [
    await makeRetagPlan(anna, { ...place, select, rule: { kind: 'add', prefix: 'old-', suffix: '' } }),
    await makeLabelPlan(anna, { ...place, select, ...label }),
  ]) {
    const { items, plan } = await readPlan(anna, { id, show: 'left', page: 1 })
    expect(plan).toMatchObject({ unjudged: 2 })
    for (const [tag, reason] of Object.entries(WHY))
      expect(items.find((item) => item.reason === reason)).toMatchObject({ tags: [tag] })
  }
  const { previewCopyTags } = await import('../jobs/copy-tags-preview.ts')
  const destination = { registry: 'local', repository: parseRepositoryName('team/copied') }
  expect(await previewCopyTags(anna, { source: place, destination, select })).toMatchObject({ tags: 1, unjudged: 2 })
})

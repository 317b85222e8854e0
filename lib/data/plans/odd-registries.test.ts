import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { parseRepositoryName, parseTag } from '../../oci/reference.ts'
import { takingSiblings } from '../../testing/servers/fault-proxy.ts'
import { digestOfTag, pushImage } from '../../testing/servers/images.ts'
import { anna } from '../testing/configure.ts'
import { startDataLayer } from '../testing/start-data-layer.ts'

// Several tags of an image that stays, on registries that delete in their own way. The first knows nothing of the second.
const layer = startDataLayer('SQLite')
afterEach(() => layer.proxy.clear())

const GOING = ['a', 'b', 'c', 'd', 'e', 'f']
const OF_TAGS = /\/manifests\/(?!sha256:)/
const tagAt = (name: string, tag: string) => digestOfTag(layer.url, name, tag)
const tagsAt = (name: string, tags: readonly string[]) => Promise.all(tags.map((tag) => tagAt(name, tag)))

/** As a registry that deletes nothing but the tag. */
async function dropTag(name: string, tag: string): Promise<void> {
  const folder = join(layer.storage, 'docker/registry/v2/repositories', name, '_manifests/tags', tag)
  await rm(folder, { recursive: true })
}

async function planned(name: string, tags: readonly string[], kept: readonly string[]) {
  const { digest } = await pushImage(layer.url, name, [...tags, ...kept], { labels: { of: name } })
  const { makePlan } = await import('./make-plan.ts')
  const place = { registry: 'local', repository: parseRepositoryName(name) }
  return { id: await makePlan(anna, { ...place, select: { tags: tags.map(parseTag) } }), digest }
}

async function page(id: string) {
  const { readPlan } = await import('./read-plan.ts')
  return readPlan(anna, { id, show: 'all', page: 1 })
}

async function until(id: string, state: string) {
  await expect.poll(async () => (await page(id)).plan.state, { timeout: 20_000 }).toBe(state)
  return page(id)
}

async function run(id: string) {
  const { startPlan } = await import('./steer-plan.ts')
  await startPlan(anna, { id, revision: (await page(id)).plan.revision })
  return until(id, 'finished')
}

async function undo(id: string) {
  const { undoPlan } = await import('./steer-plan.ts')
  await undoPlan(anna, id)
  return until(id, 'undone')
}

test('a registry that deletes tags gets no tag back that somebody else has deleted since the plan was made', async () => {
  const name = 'odd/direct'
  layer.proxy.on({
    method: 'DELETE',
    path: OF_TAGS,
    fault: {
      kind: 'handle',
      async answer({ url = '' }, response) {
        const tag = url.split('/').at(-1) ?? ''
        const isThere = (await tagAt(name, tag)) !== undefined
        if (isThere) await dropTag(name, tag)
        response.writeHead(isThere ? 202 : 404).end('{"errors":[{"code":"MANIFEST_UNKNOWN"}]}')
      },
    },
  })
  const { id, digest } = await planned(name, GOING, ['keep', 'other'])
  await dropTag(name, 'other')
  await dropTag(name, 'c')
  const { counts, items } = await run(id)
  expect(counts.done.tags).toBe(5)
  expect(items[0]?.detail).toBe('c moved or was deleted after the plan was made, so it was left alone.')
  expect(await tagsAt(name, [...GOING, 'other', 'keep'])).toEqual([...Array(7).fill(undefined), digest])
  expect(layer.proxy.count('PUT', `/${name}/manifests/`)).toBe(0)
  await undo(id)
  expect(await tagsAt(name, ['a', 'b', 'c', 'd', 'e', 'f'])).toEqual([
    digest,
    digest,
    undefined,
    digest,
    digest,
    digest,
  ])
})

test('a registry that takes siblings along loses none, also not one that came after the plan; one undo restores all', async () => {
  const name = 'odd/takes'
  layer.proxy.on({ method: 'DELETE', path: OF_TAGS, fault: takingSiblings(layer.url) })
  const { id, digest } = await planned(name, GOING, ['keep'])
  await pushImage(layer.url, name, ['stable'], { labels: { of: name } })
  const { counts, plan } = await run(id)
  expect(counts).toMatchObject({ done: { tags: 6 }, failed: { tags: 0 }, undoable: { tags: 6 } })
  expect(plan.verified).toMatchObject({ gone: { tags: 6 }, kept: 2, unexpected: [] })
  expect(await tagsAt(name, GOING)).toEqual(Array(6).fill(undefined))
  expect(await tagsAt(name, ['keep', 'stable'])).toEqual([digest, digest])
  // What it does was seen once.
  expect(layer.proxy.count('DELETE', new RegExp(`/${name}/manifests/[a-f]$`))).toBe(1)
  expect((await undo(id)).counts).toMatchObject({ restored: { tags: 6 }, undoable: { tags: 0 } })
  expect(await tagsAt(name, [...GOING, 'keep', 'stable'])).toEqual(Array(8).fill(digest))
})

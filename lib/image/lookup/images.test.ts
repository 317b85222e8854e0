import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, expect, it } from 'vitest'
import { parseRepositoryName } from '../../oci/reference.ts'
import { createHttpRegistry } from '../../registry/http/http-registry.ts'
import { resolveTags } from '../../registry/resolve-tags.ts'
import { startDockerRegistry } from '../../testing/servers/docker-registry.ts'
import { startHttpServer } from '../../testing/servers/http-server.ts'
import { mostRecentTag } from '../inspect/newest-tag.ts'
import { describeHomes } from '../testing/homes.ts'
import { putImage } from '../testing/images.ts'
import { images } from './images.ts'

const TAGS = Array.from({ length: 20 }, (_, i) => `v${String(i).padStart(2, '0')}`)
const server = await startDockerRegistry()
const under = { way: 0, most: 0 }
/** Counts the requests that wait for an answer at the same time. */
const counting = await startHttpServer(async (request, response) => {
  under.most = Math.max(under.most, ++under.way)
  try {
    await delay(15)
    const accept = request.headers.accept ?? '*/*'
    const answer = await fetch(server.url + request.url, { method: request.method ?? 'GET', headers: { accept } })
    const type = answer.headers.get('content-type') ?? 'text/plain'
    response.writeHead(answer.status, { 'content-type': type }).end(Buffer.from(await answer.arrayBuffer()))
  } finally {
    under.way--
  }
})
const direct = createHttpRegistry({ name: 'direct', url: server.url })
const counted = createHttpRegistry({ name: 'counted', url: counting.url })
afterAll(async () => {
  for (const each of [direct, counted]) await each.close()
  for (const each of [counting, server]) await each.stop()
})
const name = parseRepositoryName('team/app')
for (const tag of TAGS) await putImage(direct.repository(name), { tags: [tag], labels: { tag } })

it.each([1, 3, 6])('makes at most %i requests at once', async (concurrency) => {
  under.most = 0
  const found = []
  for await (const summary of images(counted.repository(name), { concurrency })) found.push(summary.tag)
  expect(found.toSorted()).toEqual(TAGS)
  expect(under.most).toBe(concurrency)
})

it.each([
  ['where all tags point', async () => (await resolveTags(counted.repository(name))).tags.size],
  ['which tag is newest', async () => (await mostRecentTag(counted.repository(name)))?.compared],
])('makes at most sixteen requests at once to learn %s', async (_what, ask) => {
  under.most = 0
  expect(await ask()).toBe(TAGS.length)
  expect(under.most).toBeLessThanOrEqual(16)
  expect(under.most).toBeGreaterThan(1)
})

it('reads a few ahead, not all, when the reader leaves early', async () => {
  counting.requests.length = 0
  for await (const summary of images(counted.repository(name), { concurrency: 2 })) {
    expect(TAGS).toContain(summary.tag)
    break
  }
  expect(counting.requests.filter(({ path }) => path.includes('/manifests/')).length).toBeLessThanOrEqual(3)
})

it('ends with the reason of a cancellation', async () => {
  const listing = images(counted.repository(name), { signal: AbortSignal.abort(new Error('enough')) })
  await expect(listing.next()).rejects.toThrow()
})

describeHomes('the images of a repository', (home) => {
  it('are summarized one by one, and not at all without tags', async () => {
    const repository = home().fresh()
    expect(await images(repository).next()).toEqual({ done: true, value: { complete: true } })
    await putImage(repository, { tags: ['a', 'b'], labels: { team: 'blue' } })
    const found = []
    for await (const { tag, labels } of images(repository)) found.push([tag, labels[0]?.value])
    expect(found.toSorted()).toEqual([
      ['a', 'blue'],
      ['b', 'blue'],
    ])
  })
})

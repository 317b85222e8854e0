import { afterAll, expect, it } from 'vitest'
import { mostRecentTag } from '../../../image/inspect/newest-tag.ts'
import { parseRepositoryName } from '../../../oci/reference.ts'
import { startHttpServer } from '../../../testing/servers/http-server.ts'
import { cached } from '../../cache/cached.ts'
import { ContentCache } from '../../cache/content-cache.ts'
import { collect } from '../../listing.ts'
import { createHttpRegistry } from '../http-registry.ts'

/** Pages as Artifact Registry answers them. */
const pages: Record<string, unknown> = {
  '/v2/project/app/tags/list?n=1000': {
    name: 'project/app',
    child: [],
    tags: ['1.0', '1.1', 'stable'],
    manifest: {
      [`sha256:${'a'.repeat(64)}`]: manifest(['1.0', 'stable'], '1767225600000'),
      [`sha256:${'b'.repeat(64)}`]: manifest(['1.1'], 1_767_312_000_000),
    },
  },
  '/v2/project/app/tags/list?n=1000&last=stable': {
    name: 'project/app',
    tags: ['next', 'unknown', 'odd'],
    manifest: {
      [`sha256:${'c'.repeat(64)}`]: manifest(['next'], '1767398400000'),
      [`sha256:${'d'.repeat(64)}`]: manifest(['unknown'], '0'),
      [`sha256:${'e'.repeat(64)}`]: manifest(['odd', 7, '../x'], '9e99'),
      [`sha256:${'f'.repeat(64)}`]: null,
      odd: { tag: 'no list', timeUploadedMs: '1767398400000' },
    },
  },
}
function manifest(tag: unknown[], timeUploadedMs: string | number) {
  return { imageSizeBytes: '1234', layerId: '', mediaType: '', tag, timeCreatedMs: '1', timeUploadedMs }
}
const server = await startHttpServer((request, response) => {
  const page = pages[request.url ?? '']
  const next = request.url?.includes('last=')
    ? {}
    : { link: '</v2/project/app/tags/list?n=1000&last=stable>; rel="next"' }
  response.writeHead(page ? 200 : 404, { 'content-type': 'application/json', ...next }).end(JSON.stringify(page))
})
const registry = createHttpRegistry({ name: 'google', url: server.url })
afterAll(async () => {
  await registry.close()
  await server.stop()
})
const name = parseRepositoryName('project/app')

it('lists with the tags when their images were uploaded, over all pages', async () => {
  const { items, end } = await collect(registry.repository(name).tags())
  expect(items).toEqual(['1.0', '1.1', 'stable', 'next', 'unknown', 'odd'])
  expect(end).toMatchObject({ complete: true, pushed: { source: server.host } })
  expect(Object.fromEntries(end.pushed?.times ?? [])).toEqual({
    '1.0': '2026-01-01T00:00:00.000Z',
    stable: '2026-01-01T00:00:00.000Z',
    '1.1': '2026-01-02T00:00:00.000Z',
    next: '2026-01-03T00:00:00.000Z',
  })
})

it('knows the newest tag from the listing alone, behind a cache too', async () => {
  server.requests.length = 0
  const newest = await mostRecentTag(cached(registry, new ContentCache()).repository(name))
  const time = '2026-01-03T00:00:00.000Z'
  expect(newest).toMatchObject({ tag: 'next', time, evidence: 'pushed', source: server.host, compared: 6, unknown: 2 })
  expect(server.requests).toHaveLength(2)
})

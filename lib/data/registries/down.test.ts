import { afterEach, beforeAll, describe, expect, test } from 'vitest'
import { AccessError } from '../../access/access-error.ts'
import type { Actor } from '../../access/actor.ts'
import { parseDigest } from '../../oci/digest.ts'
import { parseRepositoryName, parseTag } from '../../oci/reference.ts'
import type { Fault } from '../../testing/servers/fault-proxy.ts'
import { pushImage } from '../../testing/servers/images.ts'
import { anna } from '../testing/configure.ts'
import { startDataLayer } from '../testing/start-data-layer.ts'

// The real data layer on a real database and a real registry, which was synced and then stops answering.
const data = startDataLayer('SQLite')
const state = { q: '', sort: 'version', dir: 'desc', page: 1, names: '', namesPage: 1 } as const
const api = parseRepositoryName('team/api')
const secret = parseRepositoryName('secret/vault')
const unsynced = parseRepositoryName('team/unsynced')
const bo: Actor = {
  kind: 'user',
  username: 'bo',
  groups: [],
  role: 'none',
  readOnly: false,
  grants: [{ subject: { user: 'bo' }, role: 'viewer', registry: 'local', repository: 'team/**', allow: [] }],
}
const OUTAGES: readonly [what: string, fault: Fault, code: string][] = [
  ['refuses connections', { kind: 'reset' }, 'registry.unreachable'],
  ['answers 503', { kind: 'answer', status: 503 }, 'registry.unavailable'],
]

beforeAll(async () => {
  await pushImage(data.url, api, ['1', '2'], { labels: { team: 'quay' } })
  await pushImage(data.url, secret, ['1'])
  await pushImage(data.url, unsynced, ['1'])
  for (const name of ['both', 'both/below']) await pushImage(data.url, name, ['1'])
  const { startCatalog } = await import('../../catalog/the-catalog.ts')
  startCatalog()
  await roots()
  for (const name of [api, secret]) await data.sync(name)
})
afterEach(async () => {
  data.proxy.clear()
  await retry(api)
})

const place = { registry: 'local', repository: api }
const path = async (name: string, actor = anna) => {
  const { readPath } = await import('./read-path.ts')
  return readPath(actor, { registry: 'local', repository: parseRepositoryName(name) }, state)
}
const roots = async (actor = anna) => {
  const { readSidebar } = await import('./read-sidebar.ts')
  return Promise.all((await readSidebar(actor, '/r/local/team/api')).registries.map(({ root }) => root))
}
const retry = async (name = api) => (await import('./read-repositories.ts')).refresh(anna, 'local', name)
const down = async (fault: Fault) => {
  data.proxy.on({ fault })
  await retry(api)
}

describe.each(OUTAGES)('while a synced registry %s', (_, fault, code) => {
  test('a repository’s page shows the tags last seen, with their age and the reason', async () => {
    await down(fault)
    const { tags, lastSeen } = await path('team/api')
    expect(lastSeen).toMatchObject({ at: expect.stringMatching(/^20.*Z$/), problem: { code } })
    expect(tags).toMatchObject({ total: 2, isListing: false, rowsSeenAt: expect.any(String) })
    const digest = expect.stringMatching(/^sha256:/)
    expect(tags?.rows.map(({ tag, row }) => [tag, row])).toMatchObject([
      ['2', { ok: true, value: { digest, size: expect.any(Number), platforms: ['linux/amd64'] } }],
      ['1', { ok: true, value: { digest } }],
    ])
  })

  test('an image’s page shows the manifest that its tag was last seen on, and asks for nothing else', async () => {
    await down(fault)
    await path('team/api')
    const { readManifestPage } = await import('../manifest/read-manifest.ts')
    const asked = data.proxy.count('GET', '/blobs/')
    const page = await readManifestPage(anna, place, parseTag('1'), { platform: null, platforms: null, index: null })
    expect(page).toMatchObject({ lastSeen: { at: expect.any(String), problem: { code } } })
    expect(page.manifest.labels).toMatchObject([{ key: 'team', value: 'quay' }])
    expect(data.proxy.count('GET', '/blobs/')).toBe(asked)
  })

  test('an image whose manifest isn’t held is the error it is, beside what the catalog knows of it', async () => {
    await down(fault)
    const { readManifestPage } = await import('../manifest/read-manifest.ts')
    const { readLastSeenImage } = await import('../manifest/read-last-seen-image.ts')
    const { contentCache } = await import('./registries.ts')
    const seen = await readLastSeenImage(anna, place, parseTag('1'))
    expect(seen).toMatchObject({ labels: [{ key: 'team', value: 'quay' }], labelCount: 1, platforms: ['linux/amd64'] })
    const digest = parseDigest(seen?.digest ?? '')
    expect(await readLastSeenImage(anna, place, digest)).toEqual({ ...seen, at: expect.any(String) })
    contentCache().delete(`local\nteam/api\nmanifest\n${digest}`)
    const page = { platform: null, platforms: null, index: null }
    const kind = code.replace('registry.', '')
    await expect(readManifestPage(anna, place, parseTag('1'), page)).rejects.toMatchObject({ kind })
    expect(await readLastSeenImage(anna, place, parseTag('never-seen'))).toBeUndefined()
    const hidden = { registry: 'local', repository: secret }
    await expect(readLastSeenImage(bo, hidden, parseTag('1'))).rejects.toThrow(AccessError)
  })

  test('namespaces and the tree show the repositories last seen, with the reason', async () => {
    await down(fault)
    const { below, tags, lastSeen } = await path('team')
    expect(below.entries.map((entry) => entry.path)).toEqual(['team/api', 'team/unsynced'])
    expect(tags).toBeUndefined()
    expect(lastSeen).toMatchObject({ problem: { code } })
    expect(await roots()).toMatchObject([{ total: 5, lastSeen: expect.any(String) }])
  })

  test('a namespace says that it is also a repository whose tags were never read', async () => {
    await down(fault)
    expect(await path('both')).toMatchObject({ areTagsUnread: true, below: { total: 1 } })
    expect(await path('team')).not.toHaveProperty('areTagsUnread')
  })

  test('a repository that was never synced is the error it is, and so is one that nobody has seen', async () => {
    await down(fault)
    const kind = code.replace('registry.', '')
    await expect(path('team/unsynced')).rejects.toMatchObject({ kind })
    await expect(path('team/other')).rejects.toMatchObject({ kind })
  })

  test('what is hidden from a visitor is as absent as ever', async () => {
    await down(fault)
    await expect(path('secret/vault', bo)).rejects.toMatchObject({ kind: 'not-found' })
    await expect(path('secret/nothing', bo)).rejects.toMatchObject({ kind: 'not-found' })
    expect(await roots(bo)).toMatchObject([{ total: 2, entries: [{ path: 'team' }] }])
    expect((await path('team/api', bo)).tags).toMatchObject({ total: 2 })
  })

  test('no change is made of it: plans and retags are refused, with the reason', async () => {
    await down(fault)
    await path('team/api')
    const refused = { isPlain: true, message: expect.stringContaining('local doesn’t answer') }
    const { makePlan } = await import('../plans/make-plan.ts')
    const tags = [parseTag('1')]
    await expect(makePlan(anna, { ...place, select: { tags } })).rejects.toMatchObject(refused)
    await expect(makePlan(anna, { ...place, select: { matching: '', except: [] } })).rejects.toMatchObject(refused)
    const { retagImage } = await import('../changes/retag.ts')
    const retag = { ...place, from: parseTag('1'), to: parseTag('3'), expect: null, override: undefined }
    await expect(retagImage(anna, retag)).rejects.toMatchObject(refused)
    const { theStore } = await import('../../store/the-store.ts')
    const log = (await theStore()).read.selectFrom('audit_entry').select(['action', 'tag', 'phase', 'outcome'])
    expect(await log.orderBy('seq', 'desc').limit(2).execute()).toMatchObject([
      { phase: 'outcome', outcome: 'failed' },
      { phase: 'intent', tag: '3' },
    ])
    const { readTagState } = await import('../changes/tag-state.ts')
    await expect(readTagState(anna, place, parseTag('1'))).rejects.toMatchObject(refused)
    const { previewChange } = await import('../changes/preview-deletion.ts')
    await expect(previewChange(anna, place, parseTag('1'))).rejects.toMatchObject(refused)
    const { problemOf } = await import('../../problem/problem-of.ts')
    expect(problemOf(await retagImage(anna, retag).catch((error) => error), bo)).toMatchObject({
      code,
      detail: 'Changes need the registry itself, and local doesn’t answer. Nothing was changed.',
    })
  })

  test('pages are live again at once when somebody retries after it is back', async () => {
    await down(fault)
    expect(await path('team/api')).toHaveProperty('lastSeen')
    data.proxy.clear()
    await retry(api)
    expect((await path('team/api')).lastSeen).toBeUndefined()
  })

  test('pages are live again as soon as it answers', async () => {
    await down(fault)
    expect(await path('team/api')).toHaveProperty('lastSeen')
    data.proxy.clear()
    await expect.poll(async () => (await path('team/api')).lastSeen).toBeUndefined()
    const { makePlan } = await import('../plans/make-plan.ts')
    expect(await makePlan(anna, { ...place, select: { tags: [parseTag('1')] } })).toEqual(expect.any(String))
  })
})

test('refused credentials are an error, and show nothing of what was seen before', async () => {
  await down({ kind: 'answer', status: 401 })
  await expect(path('team/api')).rejects.toMatchObject({ kind: 'unauthorized' })
  await expect(path('team')).rejects.toMatchObject({ kind: 'unauthorized' })
  expect(await roots()).toMatchObject([{ total: 0, problem: expect.any(String) }])
})

test('a repository that its registry no longer has is not found, though it was seen', async () => {
  const gone = parseRepositoryName('gone/app')
  const { digest } = await pushImage(data.url, gone, ['1'])
  await data.sync(gone)
  expect((await path('gone/app')).tags).toMatchObject({ total: 1 })
  await fetch(`${data.url}/v2/${gone}/manifests/${parseDigest(digest)}`, { method: 'DELETE' })
  data.proxy.on({ path: '/gone/app/tags/list', fault: { kind: 'answer', status: 404 } })
  data.proxy.on({
    path: '_catalog',
    fault: { kind: 'answer', status: 200, body: JSON.stringify({ repositories: [api] }) },
  })
  await retry(gone)
  await expect(path('gone/app')).rejects.toMatchObject({ kind: 'not-found' })
})

import { rm } from 'node:fs/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Actor } from '../../access/actor.ts'
import { recordGoneTags, recordTags } from '../../catalog/database/record-tags.ts'
import { recordRegistry } from '../../catalog/testing/record-registry.ts'
import { putImage } from '../../image/testing/images.ts'
import { parseRepositoryName } from '../../oci/reference.ts'
import { createHttpRegistry } from '../../registry/http/http-registry.ts'
import { theStore } from '../../store/the-store.ts'
import { startDockerRegistry } from '../../testing/servers/docker-registry.ts'
import { anna, bo, configure } from '../testing/configure.ts'

// The real data layer over a catalog that was recorded from a real registry. `team/**` is bo's; `vault/**` is not.
const server = await startDockerRegistry()
const place = (name: string) => ({ registry: 'hub', repository: parseRepositoryName(name) })
const POLICY = `policies:
  - name: licensing
    labels: { licenses: { required: true } }
`
const folder = await configure({ hub: server.url }, POLICY)

beforeAll(async () => {
  const registry = createHttpRegistry({ name: 'hub', url: server.url })
  const digests = new Map<string, string>()
  for (const name of ['team/api', 'team/old', 'vault/keys']) {
    const repository = registry.repository(parseRepositoryName(name))
    await putImage(repository, { tags: ['1'], labels: { name }, created: '2026-01-01T00:00:00Z' })
    digests.set(name, await repository.resolve('1' as never).then(({ digest }) => digest))
  }
  const store = await theStore()
  await recordRegistry(store, registry)
  // What a notification brought since.
  for (const name of ['team/api', 'vault/keys'])
    await recordTags(store, place(name), [{ tag: 'new', digest: digests.get(name) ?? '' }], {
      at: Date.now(),
      how: 'notification',
    })
  await registry.close()
})
afterAll(async () => {
  await (await theStore()).close()
  await server.stop()
  await rm(folder, { recursive: true, force: true })
})

test('people pin visible repositories, each for themselves', async () => {
  const { isPinned, pinRepository, readPins } = await import('./pins.ts')
  await pinRepository(anna, { ...place('vault/keys'), pinned: true })
  await pinRepository(anna, { ...place('team/api'), pinned: true })
  expect((await readPins(anna)).map(({ repository, newest }) => [repository, newest?.tag])).toEqual([
    ['vault/keys', expect.any(String)],
    ['team/api', expect.any(String)],
  ])
  expect(await isPinned(anna, place('vault/keys'))).toBe(true)
  expect(await isPinned(bo, place('team/api'))).toBe(false)
  await expect(pinRepository(bo, { ...place('vault/keys'), pinned: true })).rejects.toMatchObject({ code: 'denied' })
  expect(await readPins(bo)).toEqual([])
  const anonymous: Actor = { kind: 'anonymous', role: 'none', grants: [], readOnly: false }
  await expect(pinRepository(anonymous, { ...place('team/api'), pinned: true })).rejects.toMatchObject({
    code: 'sign-in',
  })
})

test('nobody pins more than 100 repositories, and pinning one of those again does no harm', async () => {
  const { pinRepository } = await import('./pins.ts')
  const carl: Actor = { ...anna, kind: 'user', username: 'carl', groups: [] }
  const pin = (name: string) => pinRepository(carl, { ...place(name), pinned: true })
  for (let at = 0; at < 100; at++) expect(await pin(`team/${at}`)).toEqual({ isFull: false })
  expect(await pin('team/one-more')).toEqual({ isFull: true })
  expect(await pin('team/0')).toEqual({ isFull: false })
})

test('a pin of a repository that is no longer visible isn’t shown', async () => {
  const { readPins } = await import('./pins.ts')
  const demoted: Actor = { ...bo, username: 'anna' }
  expect((await readPins(demoted)).map(({ repository }) => repository)).toEqual(['team/api'])
})

test('new findings are those of recently seen tags, among visible ones', async () => {
  const { readNewFindings } = await import('../policy/read-new-findings.ts')
  const all = await readNewFindings(anna)
  expect(all).toMatchObject({ fresh: 2, open: 5 })
  expect(all?.findings.map(({ repository, tag }) => `${repository}:${tag}`).sort()).toEqual([
    'team/api:new',
    'vault/keys:new',
  ])
  const mine = await readNewFindings(bo)
  expect(mine).toMatchObject({ fresh: 1, open: 3 })
  expect(JSON.stringify(mine)).not.toContain('vault')
})

test('a repository says which tag was pushed last and how that is known, and nothing after a first sync', async () => {
  const { readLastPush } = await import('../history/read-last-push.ts')
  expect(await readLastPush(anna, place('team/api'))).toMatchObject({ tag: 'new', how: 'notification' })
  expect(await readLastPush(anna, place('team/old'))).toBeUndefined()
  expect(await readLastPush(bo, place('vault/keys'))).toBeUndefined()
})

async function anyDigest(): Promise<string> {
  const { read, dialect } = await theStore()
  const { digest } = await read
    .selectFrom('manifest')
    .select((eb) => dialect.digestText(eb.ref('digest')).as('digest'))
    .executeTakeFirstOrThrow()
  return digest
}

test('tags that moved or were deleted lately are counted as far as they were read, and the count says so', async () => {
  const { readRecentMoves } = await import('../history/read-recent-moves.ts')
  const store = await theStore()
  const digest = await anyDigest()
  const change = { at: Date.now(), how: 'notification' } as const
  const push = (count: number) => Array.from({ length: count }, (_, i) => ({ tag: `pr-${i}`, digest }))
  await recordTags(store, place('team/api'), push(70), change)
  await recordGoneTags(store, place('team/api'), ['pr-0', 'pr-1'], change)
  expect(await readRecentMoves(anna)).toMatchObject({ tags: 2, isLowerBound: false })
  await recordGoneTags(
    store,
    place('team/api'),
    push(70).map(({ tag }) => tag),
    change,
  )
  expect(await readRecentMoves(anna)).toMatchObject({
    tags: 60,
    isLowerBound: true,
    entries: [{ tagCount: 60, isLowerBound: true }],
  })
})

test('tags that were deleted and restored to their image don’t count as deleted', async () => {
  const { readRecentMoves } = await import('../history/read-recent-moves.ts')
  const store = await theStore()
  const digest = await anyDigest()
  const back = { at: Date.now() + 1, how: 'change' } as const
  const tags = Array.from({ length: 69 }, (_, i) => ({ tag: `pr-${i}`, digest }))
  await recordTags(store, place('team/api'), tags, back)
  const { entries, tags: count, isLowerBound } = await readRecentMoves(anna)
  expect(entries).toMatchObject([{ kind: 'gone', tags: ['pr-69'] }])
  expect({ count, isLowerBound }).toEqual({ count: 1, isLowerBound: false })
  await recordGoneTags(
    store,
    place('team/api'),
    tags.map(({ tag }) => tag),
    { ...back, at: back.at + 1 },
  )
})

test('a finding of a tag that was deleted and restored isn’t new, and one of a new tag stays new', async () => {
  const { readNewFindings } = await import('../policy/read-new-findings.ts')
  const store = await theStore()
  const { digest } = await store.read
    .selectFrom('tag')
    .innerJoin('manifest', 'manifest.id', 'tag.manifest_id')
    .innerJoin('repository', 'repository.id', 'tag.repository_id')
    .select((eb) => store.dialect.digestText(eb.ref('manifest.digest')).as('digest'))
    .where('repository.name', '=', place('team/api').repository)
    .executeTakeFirstOrThrow()
  for (const tag of ['1', 'new']) {
    await recordGoneTags(store, place('team/api'), [tag], { at: Date.now() + 1, how: 'change' })
    await recordTags(store, place('team/api'), [{ tag, digest }], { at: Date.now() + 2, how: 'change' })
  }
  const mine = await readNewFindings(bo)
  expect(mine?.findings.map(({ repository, tag }) => `${repository}:${tag}`)).toEqual(['team/api:new'])
})

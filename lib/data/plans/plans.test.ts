import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Actor } from '../../access/actor.ts'
import { parseRepositoryName, parseTag } from '../../oci/reference.ts'
import { type DockerRegistry, startDockerRegistry } from '../../testing/servers/docker-registry.ts'
import { type FaultProxy, startFaultProxy } from '../../testing/servers/fault-proxy.ts'
import { digestOfTag, pushImage } from '../../testing/servers/images.ts'

// The real data layer and a real registry behind a proxy that makes faults.
let folder = ''
let registry: DockerRegistry
let proxy: FaultProxy
const anna: Actor = { kind: 'user', username: 'anna', groups: [], role: 'admin', grants: [], readOnly: false }

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lading-plans-'))
  registry = await startDockerRegistry()
  proxy = await startFaultProxy(registry.url)
  const file = [
    `registries:\n  - { name: local, url: '${proxy.url}' }`,
    `users:\n  - { username: anna, role: admin, passwordHash: '$2b$04$${'a'.repeat(53)}' }`,
    '',
  ].join('\n')
  await writeFile(join(folder, 'lading.yaml'), file)
  process.env.LADING_CONFIG = join(folder, 'lading.yaml')
  process.env.DATA_DIR = folder
})
afterAll(async () => {
  await proxy.stop()
  await registry.stop()
  await rm(folder, { recursive: true, force: true })
})

const placeOf = (name: string) => ({ registry: 'local', repository: parseRepositoryName(name) })
const tagAt = (name: string, tag: string) => digestOfTag(registry.url, name, tag)

async function push(name: string, ...groups: string[][]) {
  const images = []
  for (const tags of groups)
    images.push(await pushImage(registry.url, name, tags, { labels: { of: `${name} ${tags[0]}` } }))
  return images
}

async function plan(name: string, tags: readonly string[]) {
  const { makePlan } = await import('./make-plan.ts')
  return makePlan(anna, { ...placeOf(name), select: { tags: tags.map(parseTag) } })
}

async function page(id: string, actor = anna) {
  const { readPlan } = await import('./read-plan.ts')
  return readPlan(actor, { id, show: 'all', page: 1 })
}

async function run(id: string) {
  const { startPlan } = await import('./steer-plan.ts')
  await startPlan(anna, { id, confirm: (await page(id)).counts.planned.tags })
}

async function until(id: string, state: string) {
  await expect.poll(async () => (await page(id)).plan.state, { timeout: 20_000 }).toBe(state)
  return page(id)
}

test('a plan groups tags by image, and says which images stay and why', async () => {
  await push('team/plan', ['pr-1', 'pr-1-sha'], ['pr-2', '1.0'], ['pr-3'])
  const {
    items,
    counts,
    plan: made,
  } = await page(await plan('team/plan', ['pr-1', 'pr-1-sha', 'pr-2', 'pr-3', 'gone']))
  expect(items.map(({ kind, tags, keptBy }) => ({ kind, tags: [...tags].sort(), keptBy }))).toEqual(
    expect.arrayContaining([
      { kind: 'image', tags: ['pr-1', 'pr-1-sha'], keptBy: [] },
      { kind: 'image', tags: ['pr-3'], keptBy: [] },
      { kind: 'tags', tags: ['pr-2'], keptBy: ['1.0'] },
      { kind: 'skipped', tags: ['gone'], keptBy: [] },
    ]),
  )
  expect(counts).toMatchObject({ planned: { images: 3, tags: 4 }, skipped: { tags: 1 } })
  expect(made.state).toBe('draft')
  expect(await tagAt('team/plan', 'pr-1')).toBeDefined()
})

test('a run deletes what was planned and keeps every other tag; one undo puts back the identical digests', async () => {
  const [first, second, third] = await push('team/run', ['a', 'b'], ['c', 'keep'], ['d'])
  const id = await plan('team/run', ['a', 'b', 'c', 'd'])
  await run(id)
  const { counts, items } = await until(id, 'finished')
  expect(items.map(({ outcome, detail }) => `${outcome} ${detail ?? ''}`).sort()).toEqual([
    'deleted ',
    'deleted ',
    'untagged ',
  ])
  expect(counts).toMatchObject({ done: { images: 3, tags: 4 }, failed: { tags: 0 }, undoable: { tags: 4 } })
  for (const tag of ['a', 'b', 'c', 'd']) expect(await tagAt('team/run', tag)).toBeUndefined()
  expect(await tagAt('team/run', 'keep')).toBe(second?.digest)
  const { undoPlan } = await import('./steer-plan.ts')
  await undoPlan(anna, id)
  await until(id, 'undone')
  expect(await Promise.all(['a', 'b', 'c', 'd'].map((tag) => tagAt('team/run', tag)))).toEqual([
    first?.digest,
    first?.digest,
    second?.digest,
    third?.digest,
  ])
})

test('a tag that moved after the plan was made is left alone and reported', async () => {
  await push('team/moved', ['x'], ['y'])
  const id = await plan('team/moved', ['x', 'y'])
  const [newer] = await push('team/moved', ['newer', 'x'])
  await run(id)
  const { counts, items } = await until(id, 'finished')
  expect(counts).toMatchObject({ done: { tags: 1 }, moved: { tags: 1 } })
  expect(items.find(({ outcome }) => outcome === 'moved')?.detail).toContain('x was moved to')
  expect(await tagAt('team/moved', 'x')).toBe(newer?.digest)
})

test('an image that got another tag after the plan was made is left alone', async () => {
  const [image] = await push('team/tagged', ['x'], ['y'])
  const id = await plan('team/tagged', ['x', 'y'])
  await pushImage(registry.url, 'team/tagged', ['stable'], { labels: { of: 'team/tagged x' } })
  expect(await tagAt('team/tagged', 'stable')).toBe(image?.digest)
  await run(id)
  await until(id, 'finished')
  expect(await tagAt('team/tagged', 'stable')).toBe(image?.digest)
  expect(await tagAt('team/tagged', 'x')).toBe(image?.digest)
})

test('failures in the middle are reported per image, and a retry does only those', async () => {
  await push('team/fails', ['a'], ['b'], ['c'], ['d'])
  const id = await plan('team/fails', ['a', 'b', 'c', 'd'])
  const broken = await tagAt('team/fails', 'b')
  const off = proxy.on({
    method: 'DELETE',
    path: `/team/fails/manifests/${broken}`,
    fault: { kind: 'answer', status: 500 },
  })
  await run(id)
  const { counts, items } = await until(id, 'finished')
  expect(counts).toMatchObject({ done: { tags: 3 }, failed: { tags: 1 } })
  expect(items.find(({ outcome }) => outcome === 'failed')?.tags).toEqual(['b'])
  expect(await tagAt('team/fails', 'b')).toBe(broken)
  off()
  const { retryPlan } = await import('./steer-plan.ts')
  await retryPlan(anna, { id })
  const after = await until(id, 'finished')
  expect(after.counts).toMatchObject({ done: { tags: 4 }, failed: { tags: 0 } })
  expect(await tagAt('team/fails', 'b')).toBeUndefined()
})

test('a plan runs only as it was confirmed', async () => {
  await push('team/confirm', ['a'], ['b'])
  const id = await plan('team/confirm', ['a', 'b'])
  const { startPlan, tickPlan } = await import('./steer-plan.ts')
  await tickPlan(anna, { id, ticked: false, positions: [0] })
  await expect(startPlan(anna, { id, confirm: 2 })).rejects.toMatchObject({ kind: 'conflict' })
  expect((await page(id)).plan.state).toBe('draft')
  await run(id)
  expect((await until(id, 'finished')).counts).toMatchObject({ done: { tags: 1 }, unticked: { tags: 1 } })
})

test('a plan looks absent to everyone but its maker and admins, and nobody else can steer it', async () => {
  await push('team-a/owned', ['a'])
  const id = await plan('team-a/owned', ['a'])
  const bob: Actor = {
    kind: 'user',
    username: 'bob',
    groups: [],
    role: 'none',
    grants: [
      {
        subject: { user: 'bob' },
        role: 'operator',
        registry: '**',
        repository: 'team-a/**',
        allow: ['delete', 'restore'],
      },
    ],
    readOnly: false,
  }
  const steer = await import('./steer-plan.ts')
  const { exportPlan } = await import('./export-plan.ts')
  const absent = { kind: 'not-found', message: 'there is no such plan' }
  await expect(page('nosuchplan000000')).rejects.toMatchObject(absent)
  await expect(page(id, bob)).rejects.toMatchObject(absent)
  await expect(steer.startPlan(bob, { id, confirm: 1 })).rejects.toMatchObject(absent)
  await expect(steer.tickPlan(bob, { id, ticked: false })).rejects.toMatchObject(absent)
  await expect(steer.cancelPlan(bob, id)).rejects.toMatchObject(absent)
  await expect(steer.undoPlan(bob, id)).rejects.toMatchObject(absent)
  await expect(steer.checkPlan(bob, id)).rejects.toMatchObject(absent)
  await expect(exportPlan(bob, id, 'csv')).rejects.toMatchObject(absent)
  const { makePlan } = await import('./make-plan.ts')
  const own = await makePlan(bob, { ...placeOf('team-a/owned'), select: { tags: [parseTag('a')] } })
  expect((await page(own, bob)).by).toBe('bob')
  await expect(makePlan(bob, { ...placeOf('team/plan'), select: { tags: [parseTag('a')] } })).rejects.toMatchObject({
    code: 'denied',
  })
  const reader = { ...anna, readOnly: true }
  await expect(makePlan(reader, { ...placeOf('team/plan'), select: { tags: [parseTag('a')] } })).rejects.toMatchObject({
    code: 'read-only',
  })
  await expect(steer.startPlan(reader, { id, confirm: 1 })).rejects.toMatchObject({ code: 'read-only' })
})

test('a dry run writes nothing, and skips what has changed', async () => {
  await push('team/dry', ['a'], ['b'])
  const id = await plan('team/dry', ['a', 'b'])
  await push('team/dry', ['new', 'a'])
  const before = proxy.count('DELETE', '/team/dry/')
  const { checkPlan } = await import('./steer-plan.ts')
  await checkPlan(anna, id)
  await expect.poll(async () => (await page(id)).counts.skipped.tags, { timeout: 10_000 }).toBe(1)
  expect((await page(id)).items.find(({ kind }) => kind === 'skipped')?.reason).toContain('a moved')
  expect(proxy.count('DELETE', '/team/dry/')).toBe(before)
})

test('a tag that a rule protects is left alone, whether the rule was there before the plan or came after it', async () => {
  const { addRule, listRules, removeRule } = await import('../protection/edit-protection.ts')
  await push('team/ruled', ['a'], ['b-rc'])
  const id = await plan('team/ruled', ['a', 'b-rc'])
  await addRule(anna, { name: 'Release candidates', query: 'tag:*-rc' })
  const ruled = await page(await plan('team/ruled', ['a', 'b-rc']))
  expect(ruled.items.find(({ kind }) => kind === 'protected')).toMatchObject({
    tags: ['b-rc'],
    reason: 'Protected by the rule Release candidates',
  })
  await run(id)
  expect((await until(id, 'finished')).counts).toMatchObject({ done: { tags: 1 }, moved: { tags: 1 } })
  expect(await tagAt('team/ruled', 'b-rc')).toBeDefined()
  for (const rule of await listRules(anna)) await removeRule(anna, rule.id)
})

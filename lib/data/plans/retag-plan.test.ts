import { rm } from 'node:fs/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Actor } from '../../access/actor.ts'
import { parseDigest } from '../../oci/digest.ts'
import { parseRepositoryName, parseTag } from '../../oci/reference.ts'
import { type DockerRegistry, startDockerRegistry } from '../../testing/servers/docker-registry.ts'
import { digestOfTag, pushImage } from '../../testing/servers/images.ts'
import { anna, configure } from '../testing/configure.ts'

// The real data layer and a real registry.
let folder = ''
let registry: DockerRegistry

beforeAll(async () => {
  registry = await startDockerRegistry()
  folder = await configure({ local: registry.url })
})
afterAll(async () => {
  await registry.stop()
  await rm(folder, { recursive: true, force: true })
})

const tagAt = (name: string, tag: string) => digestOfTag(registry.url, name, tag)

async function push(name: string, ...groups: string[][]) {
  for (const tags of groups) await pushImage(registry.url, name, tags, { labels: { of: `${name} ${tags[0]}` } })
}

async function planned(name: string, tags: readonly string[], rule: object, actor = anna) {
  const { makeRetagPlan, retagPlanInput } = await import('./make-retag-plan.ts')
  const input = { registry: 'local', repository: parseRepositoryName(name), select: { tags: tags.map(parseTag) }, rule }
  return makeRetagPlan(actor, retagPlanInput.parse(input))
}

async function page(id: string, actor = anna) {
  const { readPlan } = await import('./read-plan.ts')
  return readPlan(actor, { id, show: 'all', page: 1 })
}

async function until(id: string, state: string) {
  await expect.poll(async () => (await page(id)).plan.state).toBe(state)
  return page(id)
}

const WITHOUT_RC = { kind: 'replace', pattern: '-rc\\d+$', with: '' }

test('promotes release candidates, and undoing removes the new tags and moves the others back', async () => {
  const name = 'team/promote'
  await push(name, ['1.4.2-rc1'], ['1.5.0-rc2'], ['1.5.0'])
  const before = await tagAt(name, '1.5.0')
  const id = await planned(name, ['1.4.2-rc1', '1.5.0-rc2'], WITHOUT_RC)
  const draft = await page(id)
  expect(draft.counts).toMatchObject({ created: { tags: 1 }, repointed: { tags: 0 }, unticked: { tags: 1 } })
  expect(draft.items.map(({ kind, tags, keptBy, was }) => ({ kind, tags, keptBy, was }))).toEqual([
    { kind: 'create', tags: ['1.4.2'], keptBy: ['1.4.2-rc1'], was: undefined },
    { kind: 'move', tags: ['1.5.0'], keptBy: ['1.5.0-rc2'], was: before },
  ])
  const { startPlan, tickPlan, undoPlan } = await import('./steer-plan.ts')
  await tickPlan(anna, { id, ticked: true, positions: [1] })
  await startPlan(anna, { id, revision: (await page(id)).plan.revision })
  const done = await until(id, 'finished')
  expect(done.counts).toMatchObject({ done: { tags: 2 }, undoable: { tags: 2 } })
  expect(done.plan.verified).toMatchObject({ tagged: 2, kept: 2, unexpectedCount: 0 })
  expect(await tagAt(name, '1.4.2')).toBe(await tagAt(name, '1.4.2-rc1'))
  expect(await tagAt(name, '1.5.0')).toBe(await tagAt(name, '1.5.0-rc2'))
  await undoPlan(anna, id)
  expect((await until(id, 'undone')).counts).toMatchObject({ restored: { tags: 2 } })
  expect(await tagAt(name, '1.4.2')).toBeUndefined()
  expect(await tagAt(name, '1.5.0')).toBe(before)
  expect(await tagAt(name, '1.4.2-rc1')).toBeDefined()
})

test('an undo leaves new and moved tags that are in use again, and names them', async () => {
  const name = 'team/undo-in-use'
  await push(name, ['1.4.2-rc1'], ['1.4.3-rc1'], ['1.5.0-rc2'], ['1.5.0'])
  const id = await planned(name, ['1.4.2-rc1', '1.4.3-rc1', '1.5.0-rc2'], WITHOUT_RC)
  const { startPlan, tickPlan, undoPlan } = await import('./steer-plan.ts')
  await tickPlan(anna, { id, ticked: true })
  await startPlan(anna, { id, revision: (await page(id)).plan.revision })
  await until(id, 'finished')
  const { digest } = await pushImage(registry.url, name, ['1.4.3', '1.5.0'], { labels: { of: 'somebody else' } })
  await undoPlan(anna, id)
  const { items, counts } = await until(id, 'undone')
  expect(await tagAt(name, '1.4.2')).toBeUndefined()
  for (const tag of ['1.4.3', '1.5.0']) {
    expect(await tagAt(name, tag)).toBe(digest)
    const detail = `${tag} points at another image now, and stays there.`
    expect(items.find(({ tags }) => tags.includes(tag))).toMatchObject({ outcome: 'tagged', detail })
  }
  expect(counts).toMatchObject({ restored: { tags: 1 }, done: { tags: 2 }, undoable: { images: 0 } })
})

test('an undo of a new tag that somebody has deleted since is done', async () => {
  const name = 'team/undo-deleted'
  await push(name, ['2.0.0-rc1'])
  const id = await planned(name, ['2.0.0-rc1'], WITHOUT_RC)
  const { startPlan, undoPlan } = await import('./steer-plan.ts')
  await startPlan(anna, { id, revision: (await page(id)).plan.revision })
  await until(id, 'finished')
  const { removeTag } = await import('../changes/delete-tag.ts')
  const place = { registry: 'local', repository: parseRepositoryName(name) }
  const expected = parseDigest((await tagAt(name, '2.0.0')) ?? '')
  const deletion = { ...place, tag: parseTag('2.0.0'), expect: expected, siblings: [parseTag('2.0.0-rc1')] }
  await removeTag(anna, { ...deletion, strategy: 'allow-replace' })
  await undoPlan(anna, id)
  expect((await until(id, 'undone')).counts).toMatchObject({ restored: { tags: 1 }, done: { tags: 0 } })
})

test('leaves conflicts alone, each with the reason', async () => {
  const name = 'team/conflicts'
  await push(name, ['a-rc1'], ['a-rc2'], ['b-rc1', 'b'], ['c'], ['-'.padStart(3, 'd')], ['v1-rc1'], ['v1'])
  const { addRule, listRules, removeRule } = await import('../protection/edit-protection.ts')
  await addRule(anna, { name: 'Releases', query: 'repo:team/conflicts tag:v*' })
  const tags = ['a-rc1', 'a-rc2', 'b-rc1', 'c', 'v1-rc1', 'gone-rc1']
  const { items, counts } = await page(await planned(name, tags, WITHOUT_RC))
  for (const { id } of await listRules(anna)) await removeRule(anna, id)
  expect(counts.planned.tags).toBe(0)
  const reason = (source: string) => items.find(({ keptBy }) => keptBy.includes(source))?.reason
  expect(reason('a-rc1')).toBe('a-rc1 and a-rc2 would both become this tag')
  expect(reason('b-rc1')).toBe('Already points at this image')
  expect(reason('c')).toBe('The rule doesn’t change this name')
  expect(reason('v1-rc1')).toBe('Protected by the rule Releases')
  expect(reason('gone-rc1')).toBe('No longer in the registry')
  const { items: bad } = await page(await planned(name, ['c'], { kind: 'add', prefix: '-', suffix: '' }))
  expect(bad[0]?.reason).toBe('That isn’t a valid tag name')
})

test('a tag that appeared or moved after the plan was made is left alone and reported', async () => {
  const name = 'team/race'
  await push(name, ['1-rc1'], ['2-rc1'], ['2'])
  const id = await planned(name, ['1-rc1', '2-rc1'], WITHOUT_RC)
  const { startPlan, tickPlan } = await import('./steer-plan.ts')
  await tickPlan(anna, { id, ticked: true })
  const one = (await pushImage(registry.url, name, ['1'], { labels: { other: '1' } })).digest
  const two = (await pushImage(registry.url, name, ['2'], { labels: { other: '2' } })).digest
  await startPlan(anna, { id, revision: (await page(id)).plan.revision })
  expect((await until(id, 'finished')).counts).toMatchObject({ moved: { tags: 2 }, done: { tags: 0 } })
  expect(await tagAt(name, '1')).toBe(one)
  expect(await tagAt(name, '2')).toBe(two)
})

test('without the right to move tags, one can only add them', async () => {
  const name = 'team-a/limited'
  await push(name, ['1-rc1'], ['2-rc1'], ['2'])
  const grant = {
    subject: { user: 'bob' },
    role: 'operator',
    registry: '**',
    repository: 'team-a/**',
    allow: [],
  } as const
  const bob: Actor = { ...anna, username: 'bob', role: 'none', grants: [grant] }
  const { items, may } = await page(await planned(name, ['1-rc1', '2-rc1'], WITHOUT_RC, bob), bob)
  expect(may).toEqual({ run: true, undo: false })
  expect(items.map(({ kind }) => kind)).toEqual(['create', 'skipped'])
  const viewer: Actor = { ...bob, grants: [{ ...grant, role: 'viewer' }] }
  await expect(planned(name, ['1-rc1'], WITHOUT_RC, viewer)).rejects.toMatchObject({ code: 'denied' })
})

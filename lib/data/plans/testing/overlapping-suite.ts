import { setTimeout as delay } from 'node:timers/promises'
import { afterEach, expect, test } from 'vitest'
import type { UserActor } from '../../../access/actor.ts'
import { tagEvents } from '../../../catalog/database/tag-events.ts'
import { theCatalogDatabase } from '../../../catalog/database/the-catalog-database.ts'
import { parseDigest } from '../../../oci/digest.ts'
import { parseRepositoryName, parseTag } from '../../../oci/reference.ts'
import { theStore } from '../../../store/the-store.ts'
import { digestOfTag, pushImage } from '../../../testing/servers/images.ts'
import { retagImage } from '../../changes/retag.ts'
import { searchVisibility } from '../../search/search-visibility.ts'
import { ada, anna } from '../../testing/configure.ts'
import { startDataLayer } from '../../testing/start-data-layer.ts'
import { makePlan } from '../make-plan.ts'
import { readPlan } from '../read-plan.ts'
import { cancelPlan, checkPlan, limitPlan, retryPlan, startPlan, tickPlan, undoPlan } from '../steer-plan.ts'

const place = (name: string) => ({ registry: 'local', repository: parseRepositoryName(name) })
const read = (id: string) => readPlan(anna, { id, show: 'all', page: 1 })

const make = (actor: UserActor, name: string, tags: readonly string[]) =>
  makePlan(actor, { ...place(name), select: { tags: tags.map(parseTag) } })

async function start(actor: UserActor, id: string): Promise<void> {
  await startPlan(actor, { id, revision: (await read(id)).plan.revision })
}

async function until(id: string, state: string) {
  await expect.poll(async () => (await read(id)).plan.state, { timeout: 60_000 }).toBe(state)
  return read(id)
}

/** Two admins change the same repository at the same time. */
export function overlappingSuite(kind: 'SQLite' | 'PostgreSQL'): void {
  const layer = startDataLayer(kind)
  afterEach(() => layer.proxy.clear())

  const tagAt = (name: string, tag: string) => digestOfTag(layer.url, name, tag)
  const push = (name: string, tags: readonly string[]) =>
    pushImage(layer.url, name, tags, { labels: { of: `${name} ${tags[0]}` } })

  test('a tag that two plans name is deleted once, and the other plan reports that it is gone', {
    timeout: 120_000,
  }, async () => {
    const name = 'team/overlap'
    const tags = Array.from({ length: 12 }, (_, i) => `t${i}`)
    const before = new Map<string, string>()
    for (const tag of tags) before.set(tag, (await push(name, [tag])).digest)
    // One that keeps its image, so that only the tag is deleted.
    before.set('rc', (await push(name, ['latest', 'rc'])).digest)
    const [first, second] = [
      await make(anna, name, [...tags.slice(0, 8), 'rc']),
      await make(ada, name, [...tags.slice(4), 'rc']),
    ]
    // Wide enough for both to look at an image before either has deleted it.
    layer.proxy.on({ method: 'DELETE', fault: { kind: 'run', run: () => delay(50) } })
    await Promise.all([start(anna, first), start(ada, second)])
    const [one, other] = [await until(first, 'finished'), await until(second, 'finished')]

    const gone = [one, other].flatMap(({ items }) => items.flatMap(({ removed }) => removed))
    expect(gone.sort()).toEqual([...tags, 'rc'].sort())
    const left = [one, other].flatMap(({ items }) => items.filter(({ outcome }) => outcome === 'moved'))
    expect(left.flatMap((item) => item.tags).sort()).toEqual([...tags.slice(4, 8), 'rc'].sort())
    for (const { detail } of left)
      expect(detail).toMatch(/^The tag t\d was deleted\.|^team\/overlap:rc no longer exists\./)
    for (const { counts, plan } of [one, other]) {
      expect(counts.done.tags + counts.moved.tags).toBe(9)
      expect(counts).toMatchObject({ failed: { tags: 0 }, waiting: { tags: 0 } })
      expect(counts.undoable).toEqual(counts.done)
      expect(plan.problem).toBeUndefined()
      expect(plan.verified).toMatchObject({ gone: { tags: counts.done.tags }, unexpected: [] })
    }
    for (const tag of [...tags, 'rc']) expect(await tagAt(name, tag)).toBeUndefined()
    const audited = await (await theStore()).read
      .selectFrom('audit_entry')
      .select('tag')
      .where('action', 'in', ['delete-tag', 'delete-image'])
      .where('repository', '=', name)
      .where('outcome', '=', 'done')
      .execute()
    expect(audited).toHaveLength(13)

    // Each plan's undo puts back what it has deleted itself: together everything.
    await Promise.all([undoPlan(anna, first), undoPlan(ada, second)])
    await Promise.all([until(first, 'undone'), until(second, 'undone')])
    for (const [tag, digest] of before) expect(await tagAt(name, tag)).toBe(digest)
  })

  test('an image that loses a tag to another plan ends without a failure, and the other tag counts as skipped', {
    timeout: 60_000,
  }, async () => {
    const name = 'team/shared-image'
    const { digest } = await push(name, ['keep', 'a', 'b'])
    const last = await push(name, ['x', 'y'])
    const [first, second] = [await make(anna, name, ['a', 'x']), await make(ada, name, ['a', 'b', 'y'])]
    await start(anna, first)
    expect((await until(first, 'finished')).counts).toMatchObject({ done: { tags: 2 }, failed: { images: 0 } })
    await start(ada, second)
    const { counts, items } = await until(second, 'finished')
    expect(counts).toMatchObject({
      done: { tags: 2 },
      moved: { tags: 1 },
      failed: { images: 0, tags: 0 },
      undoable: { tags: 2 },
    })
    expect(items.find((item) => item.digest === digest)).toMatchObject({
      removed: ['b'],
      detail: 'a moved or was deleted after the plan was made, so it was left alone.',
    })
    expect(items.find((item) => item.digest === last.digest)).toMatchObject({ outcome: 'untagged', removed: ['y'] })
    expect((await readPlan(ada, { id: second, show: 'attention', page: 1 })).matching).toBe(1)
    // There is nothing to retry.
    await retryPlan(ada, { id: second })
    expect((await read(second)).plan.state).toBe('finished')
    expect(await tagAt(name, 'keep')).toBe(digest)

    // Each plan learns what was restored of its own.
    const { readTrash } = await import('../../trash/read-trash.ts')
    const { undoChange } = await import('../../changes/undo.ts')
    const { change = '' } = (await readTrash(ada, 1)).items.find(({ tags }) => tags[0] === 'x') ?? {}
    await undoChange(ada, { ...place(name), change })
    expect((await read(first)).counts).toMatchObject({
      done: { tags: 1 },
      restored: { tags: 1 },
      undoable: { tags: 1 },
    })
    expect((await read(second)).counts).toMatchObject({ done: { tags: 2 }, undoable: { tags: 2 } })
  })

  test('a tag that moves between plan and run is skipped and reported, and the rest is deleted', async () => {
    const name = 'team/moving'
    for (const tag of ['x', 'y', 'z']) await push(name, [tag])
    const id = await make(anna, name, ['x', 'y', 'z'])
    const { digest } = await push(name, ['newer', 'x'])
    await start(anna, id)
    const { counts, items } = await until(id, 'finished')
    expect(counts).toMatchObject({ done: { tags: 2 }, moved: { tags: 1 }, failed: { tags: 0 } })
    expect(items.find(({ outcome }) => outcome === 'moved')).toMatchObject({
      tags: ['x'],
      detail: expect.stringContaining(`x was moved to ${digest}`),
    })
    expect(await tagAt(name, 'x')).toBe(digest)
  })

  test('who deleted or moved a tag is known although a sync noticed it first, and what others did stays unknown', {
    timeout: 60_000,
  }, async () => {
    const name = 'team/noticed'
    const tags = ['a', 'b', 'c', 'd', 'e', 'old', 'new', 'theirs']
    const pushed = new Map<string, string>()
    for (const tag of tags) pushed.set(tag, (await push(name, [tag])).digest)
    const [from, overwritten] = [parseDigest(pushed.get('new')), parseDigest(pushed.get('old'))]
    await layer.sync(name)
    const id = await make(anna, name, ['a', 'b', 'c', 'd'])
    const sync = async () => {
      if ((await tagAt(name, 'a')) === undefined || (await tagAt(name, 'b')) === undefined) await layer.sync(name)
    }
    layer.proxy.on({ method: 'DELETE', nth: [3, 4], fault: { kind: 'run', run: sync } })
    await start(anna, id)
    await until(id, 'finished')
    layer.proxy.clear()
    await retagImage(ada, { ...place(name), from, to: parseTag('old'), expect: overwritten, override: undefined })
    await push(name, ['other', 'theirs'])
    await fetch(`${layer.url}/v2/${name}/manifests/${pushed.get('e')}`, { method: 'DELETE' })
    await layer.sync(name)
    const { events } = await tagEvents(await theCatalogDatabase(), {
      visibility: searchVisibility(anna),
      ...place(name),
      kinds: ['gone', 'moved'],
      limit: 100,
    })
    const found = events.map(({ tag, kind, how, actor }) => `${tag} ${kind} ${how} ${actor ?? 'unknown'}`)
    expect(found.sort()).toEqual([
      'a gone change anna',
      'b gone change anna',
      'c gone change anna',
      'd gone change anna',
      'e gone sync unknown',
      'old moved change ada',
      'theirs moved sync unknown',
    ])
  })

  test('a plan runs only with the selection that its page showed, not with another of as many tags', async () => {
    const name = 'team/swapped'
    for (const tag of ['a', 'b', 'c']) await push(name, [tag])
    const id = await make(anna, name, ['a', 'b', 'c'])
    const tick = async (actor: UserActor, tag: string, ticked: boolean) => {
      const { position } = (await read(id)).items.find(({ tags }) => tags.includes(tag)) ?? {}
      await tickPlan(actor, { id, ticked, positions: position === undefined ? [] : [position] })
    }
    const startAs = ({ plan: { revision } }: Awaited<ReturnType<typeof read>>) => startPlan(anna, { id, revision })
    const refusal = (now: string) => ({
      code: 'plan-changed',
      message: expect.stringContaining(`the plan now has ${now}`),
    })

    await tick(anna, 'c', false)
    const shown = await read(id)
    await tick(ada, 'b', false)
    await tick(ada, 'c', true)
    expect((await read(id)).counts.planned).toEqual(shown.counts.planned)
    await expect(startAs(shown)).rejects.toMatchObject(refusal('2 tags'))

    // A dry run deselects what has gone.
    const before = await read(id)
    await fetch(`${layer.url}/v2/${name}/manifests/${await tagAt(name, 'c')}`, { method: 'DELETE' })
    await checkPlan(anna, id)
    expect((await until(id, 'draft')).counts).toMatchObject({ planned: { tags: 1 }, skipped: { tags: 1 } })
    await expect(startAs(before)).rejects.toMatchObject(refusal('1 tag'))
    expect((await read(id)).plan.state).toBe('draft')

    await startAs(await read(id))
    await until(id, 'finished')
    expect([await tagAt(name, 'a'), await tagAt(name, 'b')]).toEqual([undefined, expect.any(String)])
  })

  test('a plan that waits for another one of its repository can be cancelled, and has changed nothing', {
    timeout: 60_000,
  }, async () => {
    const name = 'team/waiting'
    // One a second: long enough for the other to be taken up on a busy machine.
    const tags = Array.from({ length: 30 }, (_, at) => `t${at}`)
    for (const tag of [...tags, 'f']) await push(name, [tag])
    const [first, second] = [await make(anna, name, tags), await make(ada, name, ['t29', 'f'])]
    await limitPlan(anna, { id: first, rate: 1 })
    await start(anna, first)
    await expect.poll(async () => (await read(first)).counts.done.tags).toBeGreaterThan(0)
    await start(ada, second)
    await expect
      .poll(async () => (await read(second)).waits)
      .toMatchObject({ on: 'repository', ahead: { plan: first } })
    expect((await read(first)).waits).toBeUndefined()
    await cancelPlan(ada, second)
    expect((await until(second, 'cancelled')).counts).toMatchObject({ done: { tags: 0 }, waiting: { tags: 2 } })
    await limitPlan(anna, { id: first, rate: null })
    expect((await until(first, 'finished')).counts.done.tags).toBe(30)
    expect(await tagAt(name, 'f')).toBeDefined()
    const { listJobs } = await import('../../jobs/jobs.ts')
    const job = async () => (await listJobs(ada)).find(({ plan }) => plan?.id === second)
    await expect.poll(async () => (await job())?.state, { timeout: 10_000 }).toBe('done')
    expect((await job())?.progress).toMatchObject({ done: 0, total: 2 })
  })
}

import { expect, test, vi } from 'vitest'
import type { Actor } from '../../access/actor.ts'
import { parseDigest } from '../../oci/digest.ts'
import { parseRepositoryName, parseTag } from '../../oci/reference.ts'
import { call, digestOfTag, pushImage, pushIndex } from '../../testing/servers/images.ts'
import { ownerOf } from '../jobs/job-owner.ts'
import { anna } from '../testing/configure.ts'
import { startDataLayer } from '../testing/start-data-layer.ts'

// The real data layer and a real registry behind a proxy that makes faults.
const layer = startDataLayer('SQLite')

const placeOf = (name: string) => ({ registry: 'local', repository: parseRepositoryName(name) })
const tagAt = (name: string, tag: string) => digestOfTag(layer.url, name, tag)

async function push(name: string, ...groups: string[][]) {
  const images = []
  for (const tags of groups)
    images.push(await pushImage(layer.url, name, tags, { labels: { of: `${name} ${tags[0]}` } }))
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
  await startPlan(anna, { id, revision: (await page(id)).plan.revision })
}

async function until(id: string, state: string) {
  await expect.poll(async () => (await page(id)).plan.state).toBe(state)
  return page(id)
}

async function jobOf(id: string) {
  const { listJobs } = await import('../jobs/jobs.ts')
  const job = () => listJobs(anna).then((jobs) => jobs.find(({ plan: of }) => of?.id === id))
  await expect.poll(async () => (await job())?.state).toBe('done')
  return (await job()) as NonNullable<Awaited<ReturnType<typeof job>>>
}

test('a plan groups tags by image, and says which images are kept and why', async () => {
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

test('a plan is exported as CSV, one row for each image with its tags', async () => {
  const [going, kept] = await push('team/exported', ['a', 'b'], ['c', 'keep'])
  const { exportPlan } = await import('./export-plan.ts')
  const [head, ...rows] = (await exportPlan(anna, await plan('team/exported', ['a', 'b', 'c']), 'csv')).split('\n')
  expect(head).toBe('kind,ticked,digest,tags,kept_by,frees,created,reason,outcome,removed,detail,ended_at')
  const cells = rows.map((row) => row.split(',').toSpliced(5, 2))
  expect(cells).toEqual([
    ['image', 'yes', going?.digest, 'b a', '', '', '', '', '', ''],
    ['tags', 'yes', kept?.digest, 'c', 'keep', '', '', '', '', ''],
    [''],
  ])
})

test('a run deletes what was planned and keeps every other tag; one undo restores the identical digests', async () => {
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
  await pushImage(layer.url, 'team/tagged', ['stable'], { labels: { of: 'team/tagged x' } })
  expect(await tagAt('team/tagged', 'stable')).toBe(image?.digest)
  await run(id)
  await until(id, 'finished')
  expect(await tagAt('team/tagged', 'stable')).toBe(image?.digest)
  expect(await tagAt('team/tagged', 'x')).toBe(image?.digest)
})

test('failures in the middle are reported per image, and a retry repeats only those', async () => {
  await push('team/fails', ['a'], ['b'], ['c'], ['d'])
  const id = await plan('team/fails', ['a', 'b', 'c', 'd'])
  const broken = await tagAt('team/fails', 'b')
  const off = layer.proxy.on({
    method: 'DELETE',
    path: `/team/fails/manifests/${broken}`,
    fault: { kind: 'answer', status: 500 },
  })
  await run(id)
  const { counts, items } = await until(id, 'finished')
  expect(counts).toMatchObject({ done: { tags: 3 }, failed: { tags: 1 } })
  expect((await jobOf(id)).progress).toEqual({ done: 4, total: 4, counts: { failed: 1 } })
  expect(items.find(({ outcome }) => outcome === 'failed')?.tags).toEqual(['b'])
  expect(await tagAt('team/fails', 'b')).toBe(broken)
  off()
  const { retryPlan } = await import('./steer-plan.ts')
  await retryPlan(anna, { id })
  const after = await until(id, 'finished')
  expect(after.counts).toMatchObject({ done: { tags: 4 }, failed: { tags: 0 } })
  expect(await tagAt('team/fails', 'b')).toBeUndefined()
})

test('a sibling that somebody else deletes meanwhile is named as it’s written', async () => {
  const name = 'team/sibling'
  await push(name, ['old', 'keep-me'])
  const id = await plan(name, ['old'])
  layer.proxy.on({
    method: 'DELETE',
    path: `/${name}/manifests/`,
    fault: {
      kind: 'run',
      run: async () => {
        const { digest } = await pushImage(layer.url, name, ['keep-me'], { labels: { of: 'somebody else' } })
        await call(layer.url, 'DELETE', `/v2/${name}/manifests/${digest}`, [202])
      },
    },
  })
  await run(id)
  const { items } = await until(id, 'finished')
  expect(items[0]).toMatchObject({ outcome: 'partly', detail: 'keep-me is missing.' })
  // The tag itself is deleted: there is nothing to retry.
  expect((await page(id)).counts).toMatchObject({ done: { tags: 1 }, failed: { images: 0 } })
})

test('a plan continues when an interrupted change in its repository can’t be settled', async () => {
  const name = 'team/unsettled'
  const [image] = await push(name, ['a'], ['b'])
  const refuse = { kind: 'answer', status: 418 } as const
  layer.proxy.on({ method: 'DELETE', path: `/${name}/`, fault: refuse })
  const id = await plan(name, ['a', 'b'])
  await run(id)
  expect((await until(id, 'finished')).counts).toMatchObject({ failed: { tags: 2 } })
  const { changeJournal } = await import('../changes/change-journal.ts')
  const { settleLater } = await import('../changes/settle.ts')
  const { listJobs } = await import('../jobs/jobs.ts')
  const bytes = Buffer.from(image?.bytes ?? '')
  const digest = parseDigest(image?.digest)
  const record = { ...placeOf(name), digest, mediaType: image?.mediaType ?? '', bytes, tags: [parseTag('a')] }
  layer.proxy.on({ path: `/${name}/`, fault: refuse })
  await settleLater((await changeJournal().begin(record)).id, record, ownerOf(anna))
  await expect.poll(async () => (await listJobs(anna)).find(({ kind }) => kind === 'settle')?.state).toBe('failed')
  layer.proxy.clear()
  const { retryPlan } = await import('./steer-plan.ts')
  await retryPlan(anna, { id })
  expect((await until(id, 'finished')).counts).toMatchObject({ done: { tags: 2 }, failed: { tags: 0 } })
})

test('a plan runs only as confirmed', async () => {
  await push('team/confirm', ['a'], ['b'])
  const id = await plan('team/confirm', ['a', 'b'])
  const { startPlan, tickPlan } = await import('./steer-plan.ts')
  await tickPlan(anna, { id, ticked: false, positions: [0] })
  await expect(startPlan(anna, { id, revision: 0 })).rejects.toMatchObject({ code: 'plan-changed' })
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
  await expect(steer.startPlan(bob, { id, revision: 0 })).rejects.toMatchObject(absent)
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
  await expect(steer.startPlan(reader, { id, revision: 0 })).rejects.toMatchObject({ code: 'read-only' })
})

test('a dry run writes nothing, and skips what has changed', async () => {
  await push('team/dry', ['a'], ['b'])
  const id = await plan('team/dry', ['a', 'b'])
  await push('team/dry', ['new', 'a'])
  const before = layer.proxy.count('DELETE', '/team/dry/')
  const { checkPlan } = await import('./steer-plan.ts')
  await checkPlan(anna, id)
  await expect.poll(async () => (await page(id)).counts.skipped.tags).toBe(1)
  expect((await page(id)).items.find(({ kind }) => kind === 'skipped')?.reason).toContain('a moved')
  expect((await jobOf(id)).progress).toMatchObject({ done: 2, total: 2 })
  expect(layer.proxy.count('DELETE', '/team/dry/')).toBe(before)
})

test('a plan of many tags that were seen long ago is there at once, and then checked against the registry', async () => {
  const name = 'team/old'
  const many = Array.from({ length: 200 }, (_, index) => `old-${index}`)
  await push(name, many, ['moved'])
  const everything = { ...placeOf(name), select: { matching: '', except: [] } }
  const { makePlan } = await import('./make-plan.ts')
  await makePlan(anna, everything)
  const { changed } = await import('../../catalog/changed.ts')
  await changed(placeOf(name))
  await pushImage(layer.url, name, ['moved'], { labels: { of: 'somebody else' } })
  const off = layer.proxy.on({ path: `/${name}/manifests/`, fault: { kind: 'slow-headers', ms: 300 } })
  const id = await makePlan(anna, everything)
  expect(await page(id)).toMatchObject({ plan: { state: 'checking' }, counts: { planned: { images: 2, tags: 201 } } })
  off()
  const { counts, items, plan: checked } = await until(id, 'draft')
  expect(counts).toMatchObject({ planned: { images: 1, tags: 200 }, skipped: { tags: 1 } })
  expect(items.find(({ kind }) => kind === 'skipped')?.reason).toBe(
    'moved moved or was deleted after the plan was made',
  )
  expect(Date.now() - Date.parse(checked.checkedAt)).toBeLessThan(60_000)
})

test('a tag that a rule protects is left alone, whether the rule was added before or after the plan', async () => {
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
  const { counts, items } = await until(id, 'finished')
  expect(counts).toMatchObject({ done: { tags: 1 }, moved: { tags: 1 } })
  expect(items.find(({ outcome }) => outcome === 'moved')?.detail).toBe(
    'b-rc is protected by the rule Release candidates. It was left alone.',
  )
  expect(await tagAt('team/ruled', 'b-rc')).toBeDefined()
  for (const rule of await listRules(anna)) await removeRule(anna, rule.id)
})

test('a run is verified at its end: deleted tags and images are gone, and every other tag is unchanged', async () => {
  const [, kept] = await push(
    'team/verified',
    ['a', 'a-sha'],
    ['b', 'stable'],
    ['other'],
    [`sha256-${'0'.repeat(64)}.sig`],
  )
  const id = await plan('team/verified', ['a', 'a-sha', 'b'])
  await run(id)
  const { plan: done } = await until(id, 'finished')
  expect(done.tagsBefore).toBe(5)
  expect(done.verified).toMatchObject({
    gone: { tags: 3, images: 1 },
    // As `tagsBefore`, without the tag of a signature.
    kept: 2,
    tagsNow: 2,
    unexpected: [],
    unexpectedCount: 0,
  })
  expect(await tagAt('team/verified', 'stable')).toBe(kept?.digest)
  const { checkUndo } = await import('./check-undo.ts')
  expect(await checkUndo(anna, id)).toEqual({ images: 2, checked: 2, lost: [], taken: [] })
  layer.proxy.on({ path: /\/team\/verified\/blobs\//, fault: { kind: 'answer', status: 404 } })
  expect((await checkUndo(anna, id)).lost[0]).toMatchObject({ missing: expect.arrayContaining([expect.any(String)]) })
  layer.proxy.clear()
})

test('the verification names what somebody else changed during a run', async () => {
  await push('team/meanwhile', ['a'], ['b'], ['moving'])
  const id = await plan('team/meanwhile', ['a', 'b'])
  const was = await tagAt('team/meanwhile', 'moving')
  const { limitPlan } = await import('./steer-plan.ts')
  await limitPlan(anna, { id, rate: 1 })
  await run(id)
  await expect.poll(async () => (await page(id)).counts.done.tags).toBe(1)
  const now = (await pushImage(layer.url, 'team/meanwhile', ['moving'], { labels: { new: '1' } })).digest
  const { plan: done } = await until(id, 'finished')
  expect(done.verified).toMatchObject({ unexpected: [{ tag: 'moving', was, now }], unexpectedCount: 1 })
})

test('a paused run is verified, and what changed before the pause is still named at the end', async () => {
  await push('team/paused', ['a'], ['b'], ['c'], ['d'], ['e'], ['f'], ['moving'])
  const id = await plan('team/paused', ['a', 'b', 'c', 'd', 'e', 'f'])
  const was = await tagAt('team/paused', 'moving')
  const { limitPlan, pausePlan, resumePlan } = await import('./steer-plan.ts')
  await limitPlan(anna, { id, rate: 1 })
  await run(id)
  await expect.poll(async () => (await page(id)).counts.done.tags).toBeGreaterThan(0)
  const now = (await pushImage(layer.url, 'team/paused', ['moving'], { labels: { new: '1' } })).digest
  await pausePlan(anna, id)
  const unexpected = [{ tag: 'moving', was, now }]
  const { plan: paused } = await until(id, 'paused')
  expect(paused.verified).toMatchObject({ unexpected, unexpectedCount: 1 })
  await limitPlan(anna, { id, rate: 100 })
  await resumePlan(anna, id)
  const { plan: done } = await until(id, 'finished')
  expect(done.verified).toMatchObject({ gone: { tags: 6 }, unexpected, unexpectedCount: 1 })
})

test('items are found by a part of a tag or digest', async () => {
  const [first] = await push('team/found', ['alpha', 'x_1'], ['beta'], ['x11'])
  const id = await plan('team/found', ['alpha', 'x_1', 'beta', 'x11'])
  const { readPlan } = await import('./read-plan.ts')
  const find = async (q: string) => {
    const { items, matching } = await readPlan(anna, { id, show: 'all', page: 1, q })
    expect(matching).toBe(items.length)
    return items.flatMap(({ tags }) => tags).sort()
  }
  expect(await find('ALPH')).toEqual(['alpha', 'x_1'])
  expect(await find('x_1')).toEqual(['alpha', 'x_1'])
  expect(await find(first?.digest.slice(7, 20) ?? '')).toEqual(['alpha', 'x_1'])
  expect(await find('nothing')).toEqual([])
})

test('one failed image can be retried alone', async () => {
  await push('team/single', ['a'], ['b'])
  const id = await plan('team/single', ['a', 'b'])
  const off = layer.proxy.on({ method: 'DELETE', path: /\/team\/single\//, fault: { kind: 'answer', status: 500 } })
  await run(id)
  const failed = await until(id, 'finished')
  expect(failed.counts).toMatchObject({ failed: { tags: 2 } })
  off()
  const { retryPlan } = await import('./steer-plan.ts')
  const [item] = failed.items
  await retryPlan(anna, { id, position: item?.position ?? 0 })
  await expect.poll(async () => (await page(id)).counts.done.tags).toBe(1)
  await until(id, 'finished')
  expect((await page(id)).counts).toMatchObject({ done: { tags: 1 }, failed: { tags: 1 } })
})

test('a selection is planned again on the registry’s current state', async () => {
  await push('team/again', ['a'], ['b'])
  const id = await plan('team/again', ['a', 'b'])
  await push('team/again', ['newer', 'a'])
  const { planAgain } = await import('./make-plan.ts')
  const next = await page(await planAgain(anna, id))
  expect(next.counts).toMatchObject({ imagesDeleted: { tags: 1 }, imagesKept: { tags: 1 } })
})

test('what was deselected is deselected when it’s planned again, and a policy’s plan isn’t', async () => {
  const name = 'team/deselected'
  await push(name, ['a', 'a2'], ['b'])
  const { makePlan, planAgain } = await import('./make-plan.ts')
  const { tickPlan } = await import('./steer-plan.ts')
  for (const select of [{ tags: ['a', 'a2', 'b'].map(parseTag) }, { matching: '*', except: [] }]) {
    const id = await makePlan(anna, { ...placeOf(name), select })
    const { items } = await page(id)
    const kept = items.find(({ tags }) => tags.includes('a2'))?.position ?? -1
    await tickPlan(anna, { id, ticked: false, positions: [kept] })
    const again = await page(await planAgain(anna, id))
    expect(again.counts).toMatchObject({ planned: { tags: 1 }, unticked: { images: 1, tags: 2 } })
  }
  const origin = { retentionRun: 'x', policy: 'Old images', expect: new Map() }
  const ofPolicy = await makePlan(anna, { ...placeOf(name), select: { tags: [parseTag('b')] } }, { origin })
  await expect(planAgain(anna, ofPolicy)).rejects.toMatchObject({ kind: 'unsupported' })
})

test('a platform whose index is deselected is left alone, and a dry run says so', async () => {
  const name = 'team/platform'
  const platform = { os: 'linux', architecture: 'amd64' }
  const child = await pushImage(layer.url, name, ['child'], { platform, labels: { of: name } })
  await pushIndex(layer.url, name, ['multi'], [{ manifest: child, platform }])
  const id = await plan(name, ['multi', 'child'])
  const { checkPlan, tickPlan } = await import('./steer-plan.ts')
  const index = (await page(id)).items.find(({ tags }) => tags.includes('multi'))
  await tickPlan(anna, { id, ticked: false, positions: [index?.position ?? -1] })
  const reason = 'A platform of multi, which is kept'
  const dry = await plan(name, ['multi', 'child'])
  await tickPlan(anna, { id: dry, ticked: false, positions: [index?.position ?? -1] })
  await checkPlan(anna, dry)
  await expect
    .poll(async () => (await page(dry)).items.find(({ kind }) => kind === 'skipped'))
    .toMatchObject({ reason })
  await run(id)
  const { counts, items } = await until(id, 'finished')
  expect(counts).toMatchObject({ done: { images: 0 }, moved: { tags: 1 } })
  expect(items.find(({ outcome }) => outcome === 'moved')?.detail).toBe(`${reason}.`)
  expect(await tagAt(name, 'child')).toBe(child.digest)
})

test('a platform whose index is left alone is left alone too', async () => {
  const name = 'team/left-platform'
  const platform = { os: 'linux', architecture: 'amd64' }
  const child = await pushImage(layer.url, name, ['child'], { platform, labels: { of: name } })
  await pushIndex(layer.url, name, ['multi'], [{ manifest: child, platform }])
  const id = await plan(name, ['multi', 'child'])
  await pushIndex(layer.url, name, ['multi', 'newer'], [{ manifest: child, platform }])
  await run(id)
  const { counts, items } = await until(id, 'finished')
  expect(counts).toMatchObject({ done: { images: 0 }, failed: { images: 0 }, moved: { images: 2, tags: 2 } })
  expect(items.find(({ tags }) => tags.includes('child'))?.detail).toBe('A platform of multi, which is kept.')
})

test('a platform whose index couldn’t be deleted is retried with it', async () => {
  const name = 'team/platforms'
  const platform = { os: 'linux', architecture: 'amd64' }
  const child = await pushImage(layer.url, name, ['child'], { platform, labels: { of: name } })
  const index = await pushIndex(layer.url, name, ['multi'], [{ manifest: child, platform }])
  const id = await plan(name, ['multi', 'child'])
  const path = `/${name}/manifests/${index.digest}`
  const off = layer.proxy.on({ method: 'DELETE', path, fault: { kind: 'answer', status: 500 } })
  await run(id)
  expect((await until(id, 'finished')).counts).toMatchObject({ failed: { images: 2, tags: 2 } })
  off()
  const { retryPlan } = await import('./steer-plan.ts')
  await retryPlan(anna, { id })
  expect((await until(id, 'finished')).counts).toMatchObject({ done: { images: 2, tags: 2 }, failed: { images: 0 } })
  expect(await tagAt(name, 'child')).toBeUndefined()
})

test('an item that fails halfway keeps what it has deleted, for the undo and the retry', async () => {
  const name = 'team/halfway'
  const [image] = await push(name, ['a', 'b', 'c', 'stays'])
  const id = await plan(name, ['a', 'b', 'c'])
  const fault = { kind: 'answer', status: 403 } as const
  const off = layer.proxy.on({ method: 'PUT', path: /\/team\/halfway\/manifests\/[abc]$/, nth: 3, fault })
  await run(id)
  const { items, counts } = await until(id, 'finished')
  off()
  expect(items[0]).toMatchObject({ outcome: 'partly' })
  expect(items[0]?.removed).toHaveLength(2)
  expect(counts).toMatchObject({ done: { tags: 2 }, failed: { tags: 1 }, undoable: { tags: 2 } })
  const { undoPlan } = await import('./steer-plan.ts')
  await undoPlan(anna, id)
  await until(id, 'undone')
  for (const tag of ['a', 'b', 'c', 'stays']) expect(await tagAt(name, tag)).toBe(image?.digest)
})

test('a plan says beforehand that the registry refused earlier deletions, and asks it nothing for that', async () => {
  const name = 'team/refusing'
  await push(name, ['a'], ['b'])
  const refuses = { kind: 'answer', status: 405, body: '{"errors":[{"code":"UNSUPPORTED"}]}' } as const
  const off = layer.proxy.on({ method: 'DELETE', path: /\/manifests\//, fault: refuses })
  const failed = await plan(name, ['a'])
  await run(failed)
  expect((await until(failed, 'finished')).plan.problem).toMatchObject({
    code: 'registry.deletes-disabled',
    advice: expect.stringContaining('REGISTRY_STORAGE_DELETE_ENABLED=true'),
  })
  const deletes = () => layer.proxy.count('DELETE', /./)
  const before = deletes()
  const id = await plan(name, ['b'])
  const { refusal } = await page(id)
  expect(refusal).toMatchObject({
    title: 'This registry will probably refuse to delete',
    detail: 'The last DELETE of an image was answered with 405 UNSUPPORTED.',
  })
  const { openForServer } = await import('../registries/open.ts')
  const { knownRefusal } = await import('../changes/known-refusal.ts')
  const opened = openForServer(placeOf(name))
  if (!opened) throw new Error('There is no such registry')
  const unasked = { state: 'unknown', evidence: '' } as const
  const restarted = async () => ({ manifest: unasked, tag: unasked, blobs: unasked, tagStrategy: 'none' as const })
  expect(await knownRefusal(anna, { ...opened, deletes: restarted })).toMatchObject({
    detail: 'It refused the last plan that deleted there.',
  })
  expect(deletes()).toBe(before)
  off()
  await run(id)
  await until(id, 'finished')
  expect((await page(await plan(name, ['a']))).refusal).toBeUndefined()
})

test('a plan for a registry that doesn’t delete says so before it is tried, and after a dry run no longer if it does', async () => {
  const name = 'team/frozen'
  await push(name, ['a'], ['b'])
  const refuses = { kind: 'answer', status: 405, body: '{"errors":[{"code":"UNSUPPORTED"}]}' } as const
  const off = layer.proxy.on({ method: 'DELETE', path: /\/manifests\//, fault: refuses })
  const id = await plan(name, ['a'])
  expect((await page(id)).refusal).toMatchObject({ title: 'This registry will probably refuse to delete' })
  off()
  // Until then, what a registry refuses is remembered.
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 60_000 })
  try {
    const { checkPlan } = await import('./steer-plan.ts')
    await checkPlan(anna, id)
    await until(id, 'draft')
    expect((await page(id)).refusal).toBeUndefined()
  } finally {
    vi.useRealTimers()
  }
})

test('nested indexes are deleted from the outside in, and restored from the inside out, without a retry', async () => {
  const name = 'team/nested'
  const platform = { os: 'linux', architecture: 'amd64' }
  const child = await pushImage(layer.url, name, ['a-child'], { platform, labels: { of: name } })
  let inner: Awaited<ReturnType<typeof pushIndex>> = child
  const levels = ['b-inner', 'c-middle', 'd-outer', 'e-outermost']
  for (const level of levels) inner = await pushIndex(layer.url, name, [level], [{ manifest: inner }])
  const tags = ['a-child', ...levels]
  const before = await Promise.all(tags.map((tag) => tagAt(name, tag)))
  const id = await plan(name, tags)
  await run(id)
  expect((await until(id, 'finished')).counts).toMatchObject({ done: { images: 5, tags: 5 }, failed: { images: 0 } })
  const { undoPlan } = await import('./steer-plan.ts')
  await undoPlan(anna, id)
  await expect.poll(async () => (await page(id)).plan.state).not.toBe('undoing')
  expect((await page(id)).plan).toMatchObject({ state: 'undone' })
  expect(await Promise.all(tags.map((tag) => tagAt(name, tag)))).toEqual(before)
})

test('it’s known before an undo which tags are in use again', async () => {
  const name = 'team/in-use'
  await push(name, ['a', 'a2'], ['b'])
  const id = await plan(name, ['a', 'a2', 'b'])
  await run(id)
  await until(id, 'finished')
  const { checkUndo } = await import('./check-undo.ts')
  expect(await checkUndo(anna, id)).toMatchObject({ images: 2, checked: 2, lost: [], taken: [] })
  await pushImage(layer.url, name, ['a2'], { labels: { of: 'somebody else' } })
  expect(await checkUndo(anna, id)).toMatchObject({ images: 2, checked: 2, lost: [], taken: ['a2'] })
})

test('an undo leaves tags that are in use again, restores everything else and names them', async () => {
  const name = 'team/undo-in-use'
  const [whole, kept, lone] = await push(name, ['a', 'a2'], ['b', 'b2', 'b3', 'stays'], ['c'])
  const id = await plan(name, ['a', 'a2', 'b', 'b2', 'b3', 'c'])
  await run(id)
  await until(id, 'finished')
  const { digest } = await pushImage(layer.url, name, ['a2', 'b', 'c'], { labels: { of: 'somebody else' } })
  const { undoPlan } = await import('./steer-plan.ts')
  await undoPlan(anna, id)
  const { items, counts, plan: undone } = await until(id, 'undone')
  expect(undone.problem).toBeUndefined()
  for (const tag of ['a2', 'b', 'c']) expect(await tagAt(name, tag)).toBe(digest)
  expect(await Promise.all(['a', 'b2', 'b3', lone?.digest ?? ''].map((at) => tagAt(name, at)))).toEqual([
    whole?.digest,
    kept?.digest,
    kept?.digest,
    lone?.digest,
  ])
  const details = items.map(({ tags, removed, detail }) => ({ tags: tags.toSorted(), removed, detail }))
  expect(details).toEqual(
    expect.arrayContaining(
      [
        { tags: ['a', 'a2'], left: 'a2' },
        { tags: ['b', 'b2', 'b3'], left: 'b' },
        { tags: ['c'], left: 'c' },
      ].map(({ tags, left }) => ({
        tags,
        removed: [left],
        detail: `${left} points at another image now, and stays there.`,
      })),
    ),
  )
  expect(counts).toMatchObject({
    done: { images: 3, tags: 3 },
    restored: { images: 3, tags: 3 },
    undoable: { images: 0 },
  })
})

test('a plan says first which tags a restore from the trash has left', async () => {
  const name = 'team/trash-in-use'
  const [, image] = await push(name, ['b'], ['a', 'a2'])
  const id = await plan(name, ['b', 'a', 'a2'])
  expect((await page(id)).items.map(({ tags }) => tags.length)).toEqual([1, 2])
  await run(id)
  await until(id, 'finished')
  await pushImage(layer.url, name, ['a2'], { labels: { of: 'somebody else' } })
  const { undoChange } = await import('../changes/undo.ts')
  const { readTrash } = await import('../trash/read-trash.ts')
  const item = (await readTrash(anna, 1)).items.find(({ plan, tags }) => plan === id && tags.includes('a2'))
  await undoChange(anna, { ...placeOf(name), change: item?.change ?? '' })
  expect(await tagAt(name, 'a')).toBe(image?.digest)
  const { items, counts } = await page(id)
  expect(items[0]).toMatchObject({
    outcome: 'untagged',
    removed: ['a2'],
    detail: 'a2 points at another image now, and stays there.',
  })
  expect(counts).toMatchObject({ done: { tags: 2 }, restored: { tags: 1 }, undoable: { images: 1, tags: 1 } })
})

test('what tags of one image need for an undo is asked for once, not for each tag', async () => {
  const name = 'team/asked-once'
  const tags = Array.from({ length: 8 }, (_, at) => `t${at}`)
  await push(name, [...tags, 'stays'])
  const id = await plan(name, tags)
  await run(id)
  await until(id, 'finished')
  const { checkUndo } = await import('./check-undo.ts')
  const count = () => layer.proxy.count('HEAD', `/${name}/blobs/`)
  const before = count()
  expect(await checkUndo(anna, id)).toMatchObject({ images: 1, checked: 1, lost: [], taken: [] })
  expect(count() - before).toBeGreaterThan(0)
  expect(count() - before).toBeLessThan(tags.length)
})

test('an undo that restores only some images says so, and a second one restores the rest', async () => {
  const name = 'team/half-undone'
  const [first, second] = await push(name, ['a'], ['b'])
  const id = await plan(name, ['a', 'b'])
  await run(id)
  await until(id, 'finished')
  const fault = { kind: 'answer', status: 507 } as const
  const off = layer.proxy.on({ method: 'PUT', path: `/${name}/manifests/b`, fault })
  const { undoPlan } = await import('./steer-plan.ts')
  await undoPlan(anna, id)
  await expect.poll(async () => (await page(id)).counts.restored.tags).toBe(1)
  await expect.poll(async () => (await page(id)).plan.state).not.toBe('undoing')
  const half = await page(id)
  expect(half.plan).toMatchObject({ state: 'finished', problem: { code: 'plan.undo-incomplete' } })
  expect(half.counts).toMatchObject({ done: { tags: 1 }, restored: { tags: 1 }, undoable: { tags: 1 } })
  off()
  await undoPlan(anna, id)
  const whole = await until(id, 'undone')
  expect(whole.plan.problem).toBeUndefined()
  expect(await Promise.all(['a', 'b'].map((tag) => tagAt(name, tag)))).toEqual([first?.digest, second?.digest])
})

test('an undo offers what is still deleted, and not what was restored from the trash meanwhile', async () => {
  const name = 'team/from-trash'
  const images = await push(name, ['a'], ['b'], ['c', 'd', 'keep'])
  const id = await plan(name, ['a', 'b', 'c', 'd'])
  await run(id)
  await until(id, 'finished')
  const { undoChange } = await import('../changes/undo.ts')
  const { readTrash } = await import('../trash/read-trash.ts')
  const restore = async (tag: string) => {
    const item = (await readTrash(anna, 1)).items.find(({ plan, tags }) => plan === id && tags.includes(tag))
    await undoChange(anna, { ...placeOf(name), change: item?.change ?? '' })
  }
  await restore('a')
  await restore('c')
  expect((await page(id)).counts).toMatchObject({
    done: { images: 2, tags: 2 },
    restored: { images: 2, tags: 2 },
    undoable: { images: 2, tags: 2 },
    failed: { images: 0 },
  })
  const { readPlan } = await import('./read-plan.ts')
  const { items } = await readPlan(anna, { id, show: 'restored', page: 1 })
  expect(items.map(({ tags, removed, outcome }) => ({ tags: tags.toSorted(), removed, outcome }))).toEqual(
    expect.arrayContaining([
      { tags: ['a'], removed: ['a'], outcome: 'restored' },
      { tags: ['c', 'd'], removed: ['d'], outcome: 'untagged' },
    ]),
  )
  // What was pushed since under a restored name stays.
  const { digest } = await pushImage(layer.url, name, ['a'], { labels: { of: 'somebody else' } })
  const { undoPlan } = await import('./steer-plan.ts')
  await undoPlan(anna, id)
  expect((await until(id, 'undone')).counts).toMatchObject({
    done: { tags: 0 },
    restored: { tags: 4 },
    undoable: { tags: 0 },
  })
  expect(await tagAt(name, 'a')).toBe(digest)
  expect(await Promise.all(['b', 'c', 'd'].map((tag) => tagAt(name, tag)))).toEqual([
    images[1]?.digest,
    images[2]?.digest,
    images[2]?.digest,
  ])
})

test('a plan is undone once all that it deleted was restored from the trash', async () => {
  const name = 'team/all-from-trash'
  await push(name, ['a'], ['b', 'c', 'keep'])
  const id = await plan(name, ['a', 'b', 'c'])
  await run(id)
  await until(id, 'finished')
  const { restoreMany } = await import('../trash/restore-many.ts')
  const { readTrash } = await import('../trash/read-trash.ts')
  const own = (await readTrash(anna, 1)).items.filter((item) => item.plan === id)
  await restoreMany(anna, { changes: own.map(({ change }) => ({ ...placeOf(name), change })) })
  const { plan: after, counts } = await page(id)
  expect(after.state).toBe('undone')
  expect(counts).toMatchObject({ done: { tags: 0 }, restored: { tags: 3 }, undoable: { images: 0 } })
})

test('deleted tags stay counted as deleted while the others of their image wait again', async () => {
  const name = 'team/partly'
  await push(name, ['a', 'b', 'keep'])
  const id = await plan(name, ['a', 'b'])
  const { recordOutcome } = await import('./record-outcome.ts')
  await recordOutcome(id, 0, { outcome: 'partly', removed: ['a'], undo: ['change'] })
  expect((await page(id)).counts).toMatchObject({ done: { tags: 1 }, failed: { tags: 1 } })
  await recordOutcome(id, 0, { outcome: 'waiting', removed: ['a'], undo: ['change'] })
  expect((await page(id)).counts).toMatchObject({ done: { tags: 1 }, waiting: { tags: 1 }, failed: { tags: 0 } })
})

test('tags left out of a selection stay left out when it’s planned again', async () => {
  const name = 'team/except'
  await push(name, ['a'], ['b'], ['c'])
  const { makePlan, planAgain } = await import('./make-plan.ts')
  const select = { matching: '*', except: [parseTag('b')] }
  const id = await makePlan(anna, { ...placeOf(name), select })
  const again = await page(await planAgain(anna, id))
  expect(again.items.flatMap(({ tags }) => tags).sort()).toEqual(['a', 'c'])
  expect(again.plan.leftOut).toBe(1)
})

test('cancelling a plan while it is checked ends it', async () => {
  await push('team/checking', ['a'])
  const id = await plan('team/checking', ['a'])
  const { setPlan } = await import('./plan-store.ts')
  await setPlan(id, ['draft'], { state: 'checking' })
  const { cancelPlan } = await import('./steer-plan.ts')
  await cancelPlan(anna, id)
  expect((await page(id)).plan.state).toBe('cancelled')
})

test('the job of a plan that was cancelled before its first image says that nothing of it was processed', async () => {
  const name = 'team/cancelled-early'
  await push(name, ['a'], ['b'])
  const id = await plan(name, ['a', 'b'])
  const { cancelPlan } = await import('./steer-plan.ts')
  const fault = { kind: 'run', run: () => cancelPlan(anna, id) } as const
  const off = layer.proxy.on({ path: `/${name}/tags/list`, fault })
  await run(id)
  await until(id, 'cancelled')
  off()
  expect((await jobOf(id)).progress).toMatchObject({ done: 0, total: 2 })
  expect(await tagAt(name, 'a')).toBeDefined()
})

test('retrying what failed leaves images that a cancelled run never reached alone', async () => {
  const name = 'team/cancelled'
  await push(name, ['a'], ['b'], ['c'])
  const id = await plan(name, ['a', 'b', 'c'])
  const { setPlan } = await import('./plan-store.ts')
  const { recordOutcome } = await import('./record-outcome.ts')
  const failed = (await page(id)).items.find(({ tags }) => tags[0] === 'a')?.position ?? 0
  await setPlan(id, ['draft'], { state: 'cancelled', started: true, ended: true })
  await recordOutcome(id, failed, { outcome: 'failed', removed: [], undo: [] })
  const { retryPlan } = await import('./steer-plan.ts')
  await retryPlan(anna, { id })
  // Only a run that has ended has an end: so its page knows that the others aren't waiting.
  expect((await page(id)).plan.endedAt).toBeDefined()
  await expect.poll(async () => (await page(id)).counts.done.tags).toBe(1)
  const after = await until(id, 'cancelled')
  expect(after.counts).toMatchObject({ done: { tags: 1 }, failed: { tags: 0 }, waiting: { tags: 2 } })
  expect(await tagAt(name, 'a')).toBeUndefined()
  for (const tag of ['b', 'c']) expect(await tagAt(name, tag)).toBeDefined()
})

test('a query with a mistake selects no tags, because it would select more than was meant', async () => {
  const name = 'team/mistaken'
  await push(name, ['a'], ['b'])
  await layer.sync(name)
  const { makePlan } = await import('./make-plan.ts')
  for (const matching of ['tag:a age:>90x', 'nosuch:thing'])
    await expect(makePlan(anna, { ...placeOf(name), select: { matching, except: [] } })).rejects.toMatchObject({
      code: 'pattern',
    })
})

test('a plan leads to its rows of the audit log, and they and those of its undo lead back', async () => {
  const { readAudit } = await import('../audit/read-audit.ts')
  const { undoPlan } = await import('./steer-plan.ts')
  await push('team/audited', ['a'], ['b'], ['keep'])
  const id = await plan('team/audited', ['a', 'b'])
  expect((await page(id)).audit).toBeUndefined()
  await run(id)
  await until(id, 'finished')
  await undoPlan(anna, id)
  const { audit = '' } = await until(id, 'undone')
  const { rows } = await readAudit(anna, { q: audit })
  const deleted = rows.filter(({ action }) => action !== 'restore')
  expect(deleted.flatMap(({ tag, tags = [] }) => [...tags, ...(tag ? [tag] : [])]).sort()).toEqual(['a', 'b'])
  expect(rows.length).toBeGreaterThan(deleted.length)
  expect(new Set(rows.map((row) => row.plan))).toEqual(new Set([id]))
  expect((await page(id, { ...anna, only: ['browse'] })).audit).toBeUndefined()
  // A reader of the log who can't see the plan isn't led there.
  const audrey: Actor = { ...anna, username: 'audrey', role: 'auditor' }
  expect((await readAudit(audrey, { q: audit })).rows.map((row) => row.plan)).toEqual(rows.map(() => undefined))
})

import { expect, test } from 'vitest'
import { parseRepositoryName } from '../../../oci/reference.ts'
import {
  digestOfTag,
  type Pushed,
  pushArtifact,
  pushImage,
  pushIndex,
  pushManifest,
} from '../../../testing/servers/images.ts'
import { anna } from '../../testing/configure.ts'
import { startDataLayer } from '../../testing/start-data-layer.ts'

const amd64 = { os: 'linux', architecture: 'amd64' }
const arm64 = { os: 'linux', architecture: 'arm64' }

/** A plan that deletes images without a tag: previewed, run, undone. */
export function untaggedPlanSuite(kind: 'SQLite' | 'PostgreSQL'): void {
  const layer = startDataLayer(kind)

  const push = (name: string, tags: readonly string[], text: string, platform = amd64) =>
    pushImage(layer.url, name, tags, { labels: { text }, platform })

  /** An index of two platforms. @param first listed first */
  async function pushMulti(name: string, tag: string, text: string, first?: Pushed) {
    const one = first ?? (await push(name, [], `${text} amd64`))
    const two = await push(name, [], `${text} arm64`, arm64)
    const entries = [
      { manifest: one, platform: amd64 },
      { manifest: two, platform: arm64 },
    ]
    return { one, two, index: await pushIndex(layer.url, name, [tag], entries) }
  }

  const place = (name: string) => ({ registry: 'local', repository: parseRepositoryName(name) })

  async function planned(name: string, keepDays = 0) {
    const { makeUntaggedPlan, untaggedPlanInput } = await import('../make-untagged-plan.ts')
    return makeUntaggedPlan(anna, untaggedPlanInput.parse({ ...place(name), keepDays }))
  }

  async function page(id: string) {
    const { readPlan } = await import('../read-plan.ts')
    return readPlan(anna, { id, show: 'all', page: 1 })
  }

  async function until(id: string, state: string) {
    await expect.poll(async () => (await page(id)).plan.state, { timeout: 40_000 }).toBe(state)
    return page(id)
  }

  async function run(id: string) {
    const { startPlan } = await import('../steer-plan.ts')
    await startPlan(anna, { id, revision: (await page(id)).plan.revision })
    return until(id, 'finished')
  }

  const isThere = async (name: string, { digest }: { readonly digest: string }) =>
    (await digestOfTag(layer.url, name, digest)) !== undefined

  const reasons = async (id: string) =>
    new Map((await page(id)).items.map(({ digest, kind, reason }) => [digest, kind === 'image' ? 'goes' : reason]))

  test('deletes images whose last tag moved away, and undoes that with the same digests', {
    timeout: 60_000,
  }, async () => {
    const name = 'team/moved'
    const first = await push(name, ['latest'], 'first')
    await layer.sync(name)
    const second = await push(name, ['latest'], 'second')
    await layer.sync(name)
    const third = await push(name, ['latest', '3'], 'third')
    await layer.sync(name)
    const { readRepositoryStorage } = await import('../../storage/read-repository-storage.ts')
    const lostTags = async () => (await readRepositoryStorage(anna, place(name), 1)).lostTags
    expect(await lostTags()).toBe(2)
    const id = await planned(name)
    expect(await reasons(id)).toEqual(
      new Map([
        [first.digest, 'goes'],
        [second.digest, 'goes'],
      ]),
    )
    const done = await run(id)
    expect(await lostTags()).toBe(0)
    expect(done.counts).toMatchObject({ done: { images: 2, tags: 0 }, undoable: { images: 2 }, failed: { images: 0 } })
    expect(done.plan.verified).toMatchObject({ gone: { images: 2, tags: 0 }, kept: 2, unexpectedCount: 0 })
    expect(await Promise.all([first, second, third].map((image) => isThere(name, image)))).toEqual([false, false, true])
    const { readTrash } = await import('../../trash/read-trash.ts')
    const trashed = (await readTrash(anna, 1)).items.filter(({ plan }) => plan === id)
    expect(trashed.map(({ digest, tags }) => ({ digest, tags }))).toEqual(
      expect.arrayContaining([first, second].map(({ digest }) => ({ digest, tags: [] }))),
    )
    const { undoPlan } = await import('../steer-plan.ts')
    await undoPlan(anna, id)
    expect((await until(id, 'undone')).counts.restored.images).toBe(2)
    expect(await lostTags()).toBe(2)
    expect(await Promise.all([first, second].map((image) => isThere(name, image)))).toEqual([true, true])
    expect((await page(await planned(name))).counts.planned.images).toBe(2)
  })

  test('deletes an untagged index with what only it lists, and never a part of a tagged one', {
    timeout: 60_000,
  }, async () => {
    const name = 'team/parts'
    const old = await pushMulti(name, 'multi', 'old')
    await layer.sync(name)
    const now = await pushMulti(name, 'multi', 'now', old.one)
    await layer.sync(name)
    const id = await planned(name)
    expect(await reasons(id)).toEqual(
      new Map([
        [old.index.digest, 'goes'],
        [old.two.digest, 'goes'],
        [old.one.digest, 'Part of multi, which stays'],
      ]),
    )
    const done = await run(id)
    expect(done.counts).toMatchObject({ done: { images: 2 }, moved: { images: 0 }, failed: { images: 0 } })
    for (const kept of [now.index, now.one, now.two]) expect(await isThere(name, kept)).toBe(true)
    for (const gone of [old.index, old.two]) expect(await isThere(name, gone)).toBe(false)
    const { undoPlan } = await import('../steer-plan.ts')
    await undoPlan(anna, id)
    await until(id, 'undone')
    for (const back of [old.index, old.two]) expect(await isThere(name, back)).toBe(true)
  })

  test('keeps a part while the untagged index that lists it is there', { timeout: 60_000 }, async () => {
    const name = 'team/kept-index'
    const old = await pushMulti(name, 'multi', 'old')
    await layer.sync(name)
    await pushMulti(name, 'multi', 'now')
    await layer.sync(name)
    const id = await planned(name)
    const { tickPlan } = await import('../steer-plan.ts')
    const index = (await page(id)).items.find(({ digest }) => digest === old.index.digest)
    await tickPlan(anna, { id, ticked: false, positions: [index?.position ?? 0] })
    const done = await run(id)
    expect(done.counts).toMatchObject({ done: { images: 0 }, moved: { images: 2 } })
    for (const kept of [old.index, old.one, old.two]) expect(await isThere(name, kept)).toBe(true)
  })

  test('keeps what refers to a tagged image, and what a tagged manifest refers to', { timeout: 60_000 }, async () => {
    const name = 'team/referrers'
    const image = await push(name, ['1.0'], 'image')
    const referrer = await attach(name, 'note', image)
    const subject = await push(name, ['old'], 'subject')
    await layer.sync(name)
    const other = await push(name, [], 'other')
    await attach(name, 'about-old', subject)
    for (const tag of ['note', 'old']) await retag(name, tag, other)
    await layer.sync(name)
    expect(await reasons(await planned(name))).toEqual(
      new Map([
        [referrer.digest, 'Refers to 1.0, which stays'],
        [subject.digest, 'about-old refers to it'],
      ]),
    )
  })

  const attach = (name: string, tag: string, subject: Pushed) =>
    pushArtifact(layer.url, name, [tag], 'application/vnd.test.note', [{ content: tag, mediaType: 'text/plain' }], {
      subject,
    })

  /** Moves a tag, as a push would. */
  const retag = (name: string, tag: string, { bytes, mediaType }: Pushed) =>
    pushManifest(layer.url, name, [tag], mediaType, bytes)

  test('looks at each image again: one that a tag or an index has come to since is left alone', {
    timeout: 60_000,
  }, async () => {
    const name = 'team/again'
    const [one, two, three] = [await push(name, ['a'], '1'), await push(name, ['b'], '2'), await push(name, ['c'], '3')]
    await layer.sync(name)
    const rest = await push(name, [], 'rest')
    for (const tag of ['a', 'b', 'c']) await retag(name, tag, rest)
    await layer.sync(name)
    const id = await planned(name)
    expect((await page(id)).counts.planned.images).toBe(3)
    await retag(name, 'a', one)
    await pushIndex(layer.url, name, ['multi'], [{ manifest: two, platform: amd64 }])
    const done = await run(id)
    expect(done.counts).toMatchObject({ done: { images: 1 }, moved: { images: 2 } })
    expect(await Promise.all([one, two, three].map((image) => isThere(name, image)))).toEqual([true, true, false])
  })

  test('keeps images that lost their tag lately, and all where a rule protects the whole repository', {
    timeout: 60_000,
  }, async () => {
    const name = 'team/new'
    const first = await push(name, ['latest'], 'first')
    await layer.sync(name)
    await push(name, ['latest'], 'second')
    await layer.sync(name)
    expect(await reasons(await planned(name, 7))).toEqual(
      new Map([[first.digest, 'Has had no tag for less than 7 days']]),
    )
    const { addRule, listRules, removeRule } = await import('../../protection/edit-protection.ts')
    await addRule(anna, { name: 'All of it', query: 'repo:team/new' })
    const id = await planned(name)
    expect((await page(id)).items).toMatchObject([{ kind: 'protected', reason: 'Protected by the rule All of it' }])
    for (const rule of await listRules(anna)) await removeRule(anna, rule.id)
  })

  test('is refused to an operator who may not delete there', { timeout: 60_000 }, async () => {
    await push('team/refused', ['1'], 'x')
    const { makeUntaggedPlan } = await import('../make-untagged-plan.ts')
    const operator = { ...anna, username: 'otto', role: 'operator' as const }
    const input = { ...place('team/refused'), keepDays: 0 }
    await expect(makeUntaggedPlan(operator, input)).rejects.toMatchObject({ name: 'AccessError' })
  })
}

import { expect, test } from 'vitest'
import type { Actor } from '../../../access/actor.ts'
import { parseDigest } from '../../../oci/digest.ts'
import { parseRepositoryName, parseTag } from '../../../oci/reference.ts'
import { pushImage } from '../../../testing/servers/images.ts'
import { anna, bo } from '../../testing/configure.ts'
import { startDataLayer } from '../../testing/start-data-layer.ts'

/** A plan that labels images: previewed, run, undone. */
export function labelPlanSuite(kind: 'SQLite' | 'PostgreSQL'): void {
  const layer = startDataLayer(kind)

  const push = async (name: string, ...tags: string[]) =>
    parseDigest((await pushImage(layer.url, name, tags, { labels: { of: `${name} ${tags[0]}` } })).digest)

  async function planned(name: string, tags: readonly string[], label: object = {}, actor: Actor = anna) {
    const { labelPlanInput, makeLabelPlan } = await import('../make-label-plan.ts')
    const place = { registry: 'local', repository: parseRepositoryName(name) }
    const input = { ...place, select: { tags: tags.map(parseTag) }, key: 'team', value: 'quay', ...label }
    return makeLabelPlan(actor, labelPlanInput.parse(input))
  }

  async function page(id: string) {
    const { readPlan } = await import('../read-plan.ts')
    return readPlan(anna, { id, show: 'all', page: 1 })
  }

  async function until(id: string, state: string) {
    await expect.poll(async () => (await page(id)).plan.state).toBe(state)
    return page(id)
  }

  async function labelsOn(name: string, digest: ReturnType<typeof parseDigest>) {
    const { readAddedLabels } = await import('../../labels/added-labels.ts')
    const place = { registry: 'local', repository: parseRepositoryName(name) }
    return (await readAddedLabels(anna, place, { digests: [digest] })).map(({ key, value }) => `${key}=${value}`)
  }

  test('labels each image of the selected tags once, and takes every label back in one undo', async () => {
    const name = 'team/labelled'
    const one = await push(name, '1.0', '1', 'latest')
    const two = await push(name, '2.0')
    const three = await push(name, '3.0')
    const id = await planned(name, ['1.0', 'latest', '2.0', 'gone'])
    const draft = await page(id)
    expect(draft.plan).toMatchObject({ work: 'label', label: { key: 'team', value: 'quay', publish: false } })
    expect(draft.items.map(({ kind, tags, digest, reason }) => ({ kind, tags, digest, reason }))).toEqual([
      { kind: 'label', tags: ['1.0', 'latest'], digest: one, reason: undefined },
      { kind: 'label', tags: ['2.0'], digest: two, reason: undefined },
      { kind: 'skipped', tags: ['gone'], digest: undefined, reason: 'No longer in the registry' },
    ])
    const { startPlan, undoPlan } = await import('../steer-plan.ts')
    await expect(startPlan(anna, { id, revision: 1 })).rejects.toMatchObject({ code: 'plan-changed' })
    await startPlan(anna, { id, revision: 0 })
    const done = await until(id, 'finished')
    expect(done.counts).toMatchObject({ done: { images: 2, tags: 3 }, undoable: { images: 2 }, failed: { images: 0 } })
    expect(done.items.map(({ outcome }) => outcome)).toEqual(['labelled', 'labelled', undefined])
    expect(await labelsOn(name, one)).toEqual(['team=quay'])
    expect(await labelsOn(name, two)).toEqual(['team=quay'])
    expect(await labelsOn(name, three)).toEqual([])
    expect((await page(await planned(name, ['1.0', '3.0']))).items[1]).toMatchObject({
      kind: 'skipped',
      reason: 'Already has this label',
    })
    await undoPlan(anna, id)
    expect((await until(id, 'undone')).counts.restored.images).toBe(2)
    expect(await labelsOn(name, one)).toEqual([])
    expect(await labelsOn(name, two)).toEqual([])
  })

  test('leaves an image alone whose tag has moved since, and says so', async () => {
    const name = 'team/moving'
    const before = await push(name, 'latest')
    await push(name, '1.0')
    const id = await planned(name, ['latest', '1.0'])
    const after = parseDigest((await pushImage(layer.url, name, ['latest'], { labels: { new: 'yes' } })).digest)
    const { startPlan } = await import('../steer-plan.ts')
    await startPlan(anna, { id, revision: 0 })
    const done = await until(id, 'finished')
    expect(done.counts).toMatchObject({ done: { images: 1 }, moved: { images: 1 } })
    expect(done.items.find(({ outcome }) => outcome === 'moved')?.detail).toMatch(/^latest moved or was deleted/)
    expect(await labelsOn(name, before)).toEqual([])
    expect(await labelsOn(name, after)).toEqual([])
  })

  test('reports an image that has no room for a label, labels the others, and retries only that one', async () => {
    const name = 'team/failing'
    const bad = await push(name, 'bad')
    const good = await push(name, 'good')
    const id = await planned(name, ['bad', 'good'], { key: 'note', value: '{"a":1}', mediaType: 'application/json' })
    const { retryPlan, startPlan } = await import('../steer-plan.ts')
    const { theStore } = await import('../../../store/the-store.ts')
    const { MOST_ADDED, addLabel } = await import('../../labels/added-labels.ts')
    const place = { registry: 'local', repository: parseRepositoryName(name) }
    const text = { value: '', mediaType: 'text/plain' as const, publish: false }
    for (let n = 0; n < MOST_ADDED; n++) await addLabel(anna, { ...place, ...text, digest: bad, key: `k${n}` })
    await startPlan(anna, { id, revision: 0 })
    const done = await until(id, 'finished')
    expect(done.counts).toMatchObject({ done: { images: 1 }, failed: { images: 1 } })
    expect(done.items[0]).toMatchObject({ tags: ['bad'], outcome: 'failed' })
    expect(await labelsOn(name, good)).toEqual(['note={"a":1}'])
    await (await theStore()).write.deleteFrom('added_label').where('key', '=', 'k7').execute()
    await retryPlan(anna, { id })
    await expect.poll(async () => (await page(id)).counts.done.images).toBe(2)
    expect(await labelsOn(name, bad)).toContain('note={"a":1}')
    expect(await labelsOn(name, good)).toEqual(['note={"a":1}'])
  })

  test('is refused to those who may not edit labels, who learn nothing', async () => {
    await push('team/refused', '1.0')
    const viewer: Actor = { ...bo, grants: bo.grants.map((grant) => ({ ...grant, registry: 'local' })) }
    await expect(planned('team/refused', ['1.0'], {}, viewer)).rejects.toMatchObject({ name: 'AccessError' })
  })
}

import { expect, test } from 'vitest'
import { parseDigest } from '../../oci/digest.ts'
import { parseRepositoryName, parseTag } from '../../oci/reference.ts'
import { digestOfTag, pushImage } from '../../testing/servers/images.ts'
import { anna } from '../testing/configure.ts'
import { startDataLayer } from '../testing/start-data-layer.ts'

// The real data layer over a real registry that is lost in the middle of a change.
const layer = startDataLayer('SQLite')

const at = (reference: string) => digestOfTag(layer.url, 'team/app', reference)

test('a tag deletion that lost the registry midway says so, and is finished once the registry responds again', async () => {
  const { removeTag } = await import('./delete-tag.ts')
  const digest = parseDigest((await pushImage(layer.url, 'team/app', ['1.0', 'sibling'])).digest)
  layer.proxy.on({
    method: 'PUT',
    path: '/manifests/1.0',
    fault: { kind: 'run', run: () => void layer.proxy.on({ fault: { kind: 'reset' } }) },
  })
  const deletion = removeTag(anna, {
    registry: 'local',
    repository: parseRepositoryName('team/app'),
    tag: parseTag('1.0'),
    expect: digest,
    siblings: [parseTag('sibling')],
    strategy: 'allow-replace',
  })
  await expect(deletion).rejects.toMatchObject({
    kind: 'unreachable',
    message: expect.stringContaining('The deletion of 1.0 was interrupted'),
  })
  const placeholder = await at('1.0')
  expect([undefined, digest]).not.toContain(placeholder)
  layer.proxy.clear()
  await expect.poll(() => at('1.0')).toBeUndefined()
  expect(await at('sibling')).toBe(digest)
  expect(await at(placeholder ?? '')).toBeUndefined()
})

test('an image deletion that lost the registry midway says so, and its outcome is recorded once the registry responds', async () => {
  const { removeImage } = await import('./delete-image.ts')
  const { changeJournal } = await import('./change-journal.ts')
  const digest = parseDigest((await pushImage(layer.url, 'team/whole', ['1.0'])).digest)
  layer.proxy.on({
    method: 'DELETE',
    path: '/team/whole/',
    fault: { kind: 'run', run: () => void layer.proxy.on({ fault: { kind: 'reset' } }) },
  })
  const deletion = removeImage(anna, {
    registry: 'local',
    repository: parseRepositoryName('team/whole'),
    digest,
    expectTags: [parseTag('1.0')],
    force: false,
    layers: false,
  })
  await expect(deletion).rejects.toMatchObject({ message: expect.stringContaining(`The deletion of ${digest}`) })
  const outcome = async () => (await changeJournal().entries()).find(({ record }) => record.digest === digest)?.outcome
  expect(await outcome()).toBeUndefined()
  layer.proxy.clear()
  await expect.poll(outcome).toBe('finished')
})

test('a tag move that lost the registry midway says so, keeps the old digest and can be undone', async () => {
  const { retagImage } = await import('./retag.ts')
  const { undoChange } = await import('./undo.ts')
  const { changeJournal } = await import('./change-journal.ts')
  const { listJobs } = await import('../jobs/jobs.ts')
  const place = { registry: 'local', repository: parseRepositoryName('team/moved') }
  const before = parseDigest((await pushImage(layer.url, place.repository, ['latest'])).digest)
  const after = parseDigest(
    (await pushImage(layer.url, place.repository, ['1.1'], { labels: { version: '1.1' } })).digest,
  )
  const latest = () => digestOfTag(layer.url, place.repository, 'latest')
  layer.proxy.on({ method: 'PUT', path: '/team/moved/manifests/latest', fault: { kind: 'lose-answer' } })
  layer.proxy.on({ method: 'HEAD', path: '/team/moved/manifests/latest', nth: [2, 99], fault: { kind: 'reset' } })
  const moving = retagImage(anna, { ...place, from: after, to: parseTag('latest'), expect: before })
  await expect(moving).rejects.toMatchObject({ message: expect.stringContaining('Moving latest was interrupted') })
  const entry = async () => (await changeJournal().entries()).find(({ record }) => record.digest === before)
  expect((await entry())?.outcome).toBeUndefined()
  expect((await listJobs(anna))[0]).toMatchObject({ kind: 'settle', source: { selector: 'latest' } })
  layer.proxy.clear()
  await expect.poll(async () => (await entry())?.outcome).toBe('overwritten')
  expect(await latest()).toBe(after)
  expect(await undoChange(anna, { ...place, change: (await entry())?.id ?? '' })).toEqual({
    digest: before,
    tags: ['latest'],
    left: [],
  })
  expect(await latest()).toBe(before)
})

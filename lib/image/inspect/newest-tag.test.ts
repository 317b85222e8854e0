import { describe, expect, it } from 'vitest'
import { parseTag } from '../../oci/reference.ts'
import type { PushTimes } from '../../registry/listing.ts'
import { describeHomes } from '../testing/homes.ts'
import { putImage, tag } from '../testing/images.ts'
import { mostRecentTag, newestTag } from './newest-tag.ts'

const pushTimes = (times: Record<string, string>): PushTimes => ({
  source: 'notifications',
  times: new Map(Object.entries(times).map(([name, time]) => [parseTag(name), time])),
})

describe('the newest tag', () => {
  const tags = ['1.0', '1.1', 'edge', 'silent'].map(parseTag)
  const created = new Map([
    ['1.0', { created: '2026-01-01T00:00:00Z' }],
    ['1.1', { created: '2026-02-01T01:00:00+02:00' }],
    ['edge', { created: 'yesterday' }],
  ])

  it('is the one whose image was built last if no push was seen', () => {
    const expected = { tag: '1.1', time: '2026-02-01T01:00:00+02:00', compared: 4, unknown: 2 }
    expect(newestTag(tags, created)).toEqual({ ...expected, evidence: 'image-created' })
    expect(newestTag(tags, created, pushTimes({ other: '2026-05-01T00:00:00Z' }))).toMatchObject(expected)
  })

  it('uses pushes alone if any was seen, never comparing them with creation', () => {
    const pushed = pushTimes({ '1.0': '2025-03-01T00:00:00Z', edge: '2025-02-01T00:00:00Z' })
    expect(newestTag(tags, created, pushed)).toEqual({
      tag: '1.0',
      time: '2025-03-01T00:00:00Z',
      evidence: 'pushed',
      source: 'notifications',
      compared: 4,
      unknown: 2,
    })
  })

  it('is the highest version of those pushed together, and none if no time is known', () => {
    const at = '2026-01-01T00:00:00Z'
    const several = ['latest', '1', '1.10.0', '1.9.0'].map(parseTag)
    expect(newestTag(several, new Map(several.map((name) => [name, { created: at }])))?.tag).toBe('1.10.0')
    const moving = ['latest', '1', '1.10', '1.10.0', '1.10.0-rc.1'].map(parseTag)
    expect(newestTag(moving, new Map(moving.map((name) => [name, { created: at }])))?.tag).toBe('1.10.0')
    expect(newestTag(several, new Map())).toBeUndefined()
    const reproducible = new Map(several.map((name) => [name, { created: '1970-01-01T00:00:00Z' }]))
    expect(newestTag(several, reproducible)).toBeUndefined()
  })
})

describeHomes('the newest tag of a repository', (home) => {
  it('is that of the newest image, marked as the build time', async () => {
    const repository = home().fresh()
    await putImage(repository, { tags: ['pushed-first'], created: '2026-03-01T00:00:00Z' })
    await putImage(repository, { tags: ['pushed-last'], created: '2025-03-01T00:00:00Z' })
    expect(await mostRecentTag(repository)).toEqual({
      tag: tag('pushed-first'),
      time: '2026-03-01T00:00:00Z',
      evidence: 'image-created',
      compared: 2,
      unknown: 0,
      end: { complete: true },
    })
    expect(await mostRecentTag(home().fresh())).toBeUndefined()
  })

  it('is the one seen being pushed last, whatever the images say', async () => {
    const repository = home().fresh()
    await putImage(repository, { tags: ['old-build'], created: '2020-03-01T00:00:00Z' })
    await putImage(repository, { tags: ['new-build'], created: '2026-03-01T00:00:00Z' })
    const pushed = pushTimes({ 'old-build': '2026-04-02T00:00:00Z', 'new-build': '2026-04-01T00:00:00Z' })
    expect(await mostRecentTag(repository, { pushed })).toMatchObject({
      tag: 'old-build',
      time: '2026-04-02T00:00:00Z',
      evidence: 'pushed',
      source: 'notifications',
    })
  })
})

import fc from 'fast-check'
import semver from 'semver'
import { describe, expect, it } from 'vitest'
import { parseTag } from '../../oci/reference.ts'
import { describeHomes } from '../testing/homes.ts'
import { putImage } from '../testing/images.ts'
import { findMatchingTag, sortTags } from './tags.ts'

const tags = (...names: string[]) => names.map(parseTag)
const anyTag = fc.stringMatching(/^[A-Za-z0-9_][A-Za-z0-9._-]{0,20}$/).map(parseTag)
const likelyTag = fc.oneof(
  anyTag,
  fc.stringMatching(/^v?[0-9]{1,3}(\.[0-9]{1,2}){0,3}(-(rc|beta|alpine)[.0-9]{0,2})?$/).map(parseTag),
)

describe('sorting tags', () => {
  it('orders versions naturally, whole or partial, with v or without', () => {
    const sorted = tags('1.2', '1.4', '1.9.1', 'v1.10', '1.10.1', '2', '10.0')
    expect(sortTags(sorted.toReversed(), 'version')).toEqual(sorted)
  })

  it('puts a pre-release before its release and sorts numbers inside it naturally', () => {
    const sorted = tags('1.4.0-alpha', '1.4.0-alpha.1', '1.4.0-beta.2', '1.4.0-rc.2', '1.4.0-rc.10', '1.4.0', '1.4.0.1')
    expect(sortTags(sorted.toReversed(), 'version')).toEqual(sorted)
  })

  it('keeps non-versions at the end in both directions, sorted naturally', () => {
    const named = tags('2.0', '1.0', 'build-9', 'build-10', 'latest', '7e3fab2')
    expect(sortTags(named, 'version', 'asc').slice(0, 2)).toEqual(tags('1.0', '2.0'))
    expect(sortTags(named, 'version', 'desc').slice(0, 2)).toEqual(tags('2.0', '1.0'))
    expect(sortTags(named, 'version', 'asc').slice(2)).toEqual(tags('7e3fab2', 'build-9', 'build-10', 'latest'))
  })

  it('agrees with semver wherever semver has an opinion', () => {
    const number = fc.integer({ min: 0, max: 30 })
    const identifier = fc.oneof(number.map(String), fc.constantFrom('alpha', 'beta', 'rc'))
    const version = fc
      .tuple(number, number, number, fc.array(identifier, { maxLength: 3 }))
      .map(([a, b, c, pre]) => `${a}.${b}.${c}${pre.length > 0 ? `-${pre.join('.')}` : ''}`)
    fc.assert(
      fc.property(version, version, (a, b) => {
        fc.pre(semver.compare(a, b) !== 0)
        expect(sortTags(tags(a, b), 'version')[0]).toBe(semver.lt(a, b) ? a : b)
      }),
      { numRuns: 500 },
    )
  })

  it('gives one order, whatever the order before', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(likelyTag, { maxLength: 30 }),
        fc.constantFrom('name', 'version', 'created', 'size'),
        fc.constantFrom('asc', 'desc'),
        fc.infiniteStream(fc.option(fc.integer({ min: 0, max: 3 }), { nil: undefined })),
        (names, key, direction, values) => {
          const summaries = new Map(names.map((name) => [name, summaryOf(values.next().value)]))
          const sorted = sortTags(names, key, direction, summaries)
          expect(sortTags(names.toReversed(), key, direction, summaries)).toEqual(sorted)
          expect(sorted.toSorted()).toEqual(names.toSorted())
        },
      ),
    )
  })

  it('puts the newest first and unknown times last, in both directions', () => {
    const summaries = new Map([
      ['old', { created: '2024-05-01T00:00:00+02:00' }],
      ['new', { created: '2026-05-01T00:00:00Z' }],
      ['bad', { created: 'yesterday' }],
    ])
    const names = tags('none', 'old', 'bad', 'new')
    expect(sortTags(names, 'created', 'desc', summaries)).toEqual(tags('new', 'old', 'bad', 'none'))
    expect(sortTags(names, 'created', 'asc', summaries)).toEqual(tags('old', 'new', 'bad', 'none'))
  })
})

describeHomes('finding a tag', (home) => {
  it('returns the first of the names that exists', async () => {
    const repository = home().fresh()
    const image = await putImage(repository, { tags: ['stable', '1.0'] })
    const found = await findMatchingTag(repository, tags('absent', 'stable', '1.0'))
    expect(found).toMatchObject({ tag: 'stable', descriptor: { digest: image.digest } })
    expect(await findMatchingTag(repository, tags('nothing'))).toBeUndefined()
  })
})

function summaryOf(value: number | undefined): { created?: string; size?: number } {
  return value === undefined ? {} : { created: new Date(value * 1e10).toISOString(), size: value }
}

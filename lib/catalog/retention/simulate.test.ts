import { afterAll, beforeAll, expect, test } from 'vitest'
import { compileQuery } from '../../filter/evaluate-query.ts'
import { parseRepositoryName, parseTag } from '../../oci/reference.ts'
import { openStore } from '../../store/open-store.ts'
import type { Store } from '../../store/store.ts'
import { describeEachDatabase } from '../../store/testing/each-database.ts'
import { type CatalogDatabase, catalogDatabase } from '../database/catalog-database.ts'
import { type RecordedManifest, recordManifests } from '../database/record-manifests.ts'
import { recordTags } from '../database/record-tags.ts'
import { typedQuery } from '../database/search-tags.ts'
import { fillSample } from '../database/testing/fill-sample.ts'
import { NOW, type SampleTag, sampleTags, searchedImages } from '../database/testing/sample-catalog.ts'
import type { RetentionPolicy, RetentionRule } from './retention-policy.ts'
import { type SimulationOptions, simulate } from './simulate.ts'

const DAY = 86_400_000
const EVERYTHING = new Map([
  ['hub', ['**']],
  ['edge', ['**']],
])
const keyOf = ({ registry, repository, tag }: { registry: string; repository: string; tag: string }) =>
  `${registry}/${repository}:${tag}`

/** The same by looking at each tag alone, without a database. */
function goes(tag: SampleTag, rule: RetentionRule): boolean {
  const [first] = tag.images
  switch (rule.keep) {
    case 'newer': {
      const at = rule.by === 'created' ? first?.created : (first?.moved ?? NOW)
      return at !== undefined && at <= NOW - rule.amount * DAY
    }
    case 'signed':
      return first?.has.signature === false
    case 'matching': {
      const matches = compileQuery(typedQuery(rule.query).query, NOW)
      return searchedImages(tag).every((image) => matches(image) === false)
    }
    case 'last':
      return false
  }
}

describeEachDatabase('Retention', (databases) => {
  let store: Store
  let database: CatalogDatabase
  beforeAll(async () => {
    store = await openStore(await databases.create())
    database = catalogDatabase(store)
    await fillSample(store, sampleTags)
  })
  afterAll(() => store?.close())

  const run = async (policy: RetentionPolicy, options: Partial<SimulationOptions> = {}) => {
    const going: string[] = []
    const found = await simulate(database, policy, {
      visibility: EVERYTHING,
      protects: () => () => undefined,
      now: NOW,
      onGoing: ({ registry, name }, tags) =>
        going.push(...tags.map((tag) => keyOf({ registry, repository: name, tag: tag.name }))),
      ...options,
    })
    return { ...found, names: going.sort() }
  }

  test.each<RetentionRule>([
    { keep: 'newer', amount: 90, unit: 'days', by: 'created' },
    { keep: 'newer', amount: 200, unit: 'days', by: 'moved' },
    { keep: 'signed' },
    { keep: 'matching', query: 'tag:latest,1.*' },
    { keep: 'matching', query: 'label:team=quay' },
    { keep: 'matching', query: '-label:licenses' },
    { keep: 'matching', query: 'size:>100B or has:signature' },
    { keep: 'matching', query: '-(platform:linux/arm64 created:>2026-06-01)' },
  ])('deletes a tag only if this rule certainly doesn’t keep it: %j', async (rule) => {
    const expected = sampleTags.filter((tag) => goes(tag, rule)).map(keyOf)
    const found = await run({ scope: 'repo:**', rules: [rule] })
    expect(found.names).toEqual(expected.sort())
    expect(found).toMatchObject({ tags: sampleTags.length, going: expected.length })
    expect(found.rules[0]?.kept).toBe(sampleTags.length - expected.length)
  })

  test('counts the newest tags per repository, by version, leaving out non-versions', async () => {
    const rule = { keep: 'last', count: 2, by: 'version', among: '' } as const
    const { names } = await run({ scope: 'repo:team-a/api registry:hub', rules: [rule] })
    // 2.0 and 1.1 are the newest; v1_x is 1.0 with a build.
    expect(names).toEqual(['1.0', '1.1-rc1', 'LATEST-2', 'latest', 'v1_x'].map((tag) => `hub/team-a/api:${tag}`))
    const { names: some } = await run({
      scope: 'repo:team-a/api registry:hub tag:1.*',
      rules: [{ ...rule, count: 1, among: 'tag:1.*' }],
    })
    expect(some).toEqual(['hub/team-a/api:1.0', 'hub/team-a/api:1.1-rc1'])
  })

  test('keeps the newest by age, and those without a date', async () => {
    const rule = { keep: 'last', count: 1, by: 'created', among: '' } as const
    const { names } = await run({ scope: 'registry:hub repo:team-a/web', rules: [rule] })
    const tags = sampleTags.filter(({ registry, repository }) => registry === 'hub' && repository === 'team-a/web')
    const dated = tags.filter(({ images }) => images[0]?.created !== undefined)
    const newest = Math.max(...dated.map(({ images }) => images[0]?.created ?? 0))
    expect(names).toEqual(
      dated
        .filter(({ images }) => images[0]?.created !== newest)
        .map(keyOf)
        .sort(),
    )
  })

  test('lets the most protective rule win, and credits each rule with what it alone keeps', async () => {
    const rules: RetentionRule[] = [
      { keep: 'matching', query: 'tag:1.0,1.1' },
      { keep: 'matching', query: 'tag:1.1,2.0' },
    ]
    const found = await run(
      { scope: 'registry:hub repo:api', rules },
      {
        protects: () => (tag) => (tag === 'latest' ? 'Releases' : undefined),
      },
    )
    expect(found).toMatchObject({
      repositories: 1,
      tags: 7,
      going: 3,
      rules: [
        { kept: 2, only: 1 },
        { kept: 2, only: 1 },
      ],
      protected: { kept: 1, only: 1, names: ['Releases'] },
      keptByOne: 3,
      keptBySeveral: 1,
    })
  })

  test('says for each tag which rule keeps it and for how long, and what changes against the saved policy', async () => {
    const saved = { scope: 'registry:hub repo:api', rules: [{ keep: 'matching', query: 'tag:1.*' }] } as const
    const rules: RetentionRule[] = [
      { keep: 'last', count: 1, by: 'version', among: '' },
      { keep: 'newer', amount: 12, unit: 'months', by: 'created' },
    ]
    const matches = (tag: string) => tag === '2.0' || tag === '1.0'
    const explain = { matches, show: 'any', offset: 0, limit: 10 } as const
    const found = await run({ ...saved, rules }, { saved, explain })
    expect(found.matching).toBe(2)
    expect(found.explained.find(({ tag }) => tag === '2.0')).toMatchObject({
      isKept: true,
      reasons: [{ says: 'kept', rank: 1 }, { rule: 1 }],
    })
    expect(found.explained.find(({ tag }) => tag === '1.0')?.reasons[0]).toEqual({ rule: 0, says: 'not kept', rank: 5 })
    const { difference } = found
    const going = new Set(found.names)
    const before = new Set((await run(saved)).names)
    expect(difference).toEqual({
      newlyGoing: [...going].filter((tag) => !before.has(tag)).length,
      newlyKept: [...before].filter((tag) => !going.has(tag)).length,
    })
    const page = await run({ ...saved, rules }, { explain: { ...explain, matches: () => true, offset: 5, limit: 4 } })
    expect(page).toMatchObject({ matching: 7 })
    expect(page.explained).toHaveLength(2)
  })

  test('counts no image as deleted that a tag outside the policy’s scope keeps', async () => {
    const digest = `sha256:${'5c'.repeat(32)}`
    const own = { digest, mediaType: 'application/vnd.oci.image.manifest.v1+json', bytes: 1 }
    await recordManifests(store, [
      { ...own, type: 'image', images: [{ ...own, layers: 1, size: 700, blobs: [], labels: [] }] },
    ])
    await recordTags(
      store,
      { registry: 'hub', repository: parseRepositoryName('half/scope') },
      ['1.0', '1.0.0', 'stable'].map((tag) => ({ tag: parseTag(tag), digest })),
      { at: NOW, how: 'sync' },
    )
    const rule = { keep: 'matching', query: 'tag:none' } as const
    const counted = { imagesGoing: 0, imagesStaying: 1, freesAtMost: 0 }
    expect(await run({ scope: 'repo:half/scope tag:1.*', rules: [rule] })).toMatchObject({ going: 2, ...counted })
    expect(await run({ scope: 'repo:half/scope', rules: [rule] })).toMatchObject({ imagesGoing: 1, imagesStaying: 0 })
  })

  test('doesn’t simulate hidden repositories', async () => {
    const rule = { keep: 'matching', query: 'tag:none' } as const
    const { names } = await run({ scope: 'repo:**', rules: [rule] }, { visibility: new Map([['hub', ['team-a/**']]]) })
    expect(names).toHaveLength(14)
    expect(names.every((name) => name.startsWith('hub/team-a/'))).toBe(true)
  })

  test('keeps every tag where a digest is that of a layer in too many images', async () => {
    const shared = `e${'9'.repeat(63)}`
    const image = (at: number): RecordedManifest => {
      const digest = `sha256:${at.toString().padStart(64, 'd')}`
      const own = { digest, mediaType: 'application/vnd.oci.image.manifest.v1+json', bytes: 1 }
      const blobs = [{ digest: `sha256:${shared}`, size: 1 }]
      return { ...own, type: 'image', images: [{ ...own, layers: 1, blobs, labels: [] }] }
    }
    const images = Array.from({ length: 1_200 }, (_, at) => image(at))
    await recordManifests(store, images)
    await recordTags(
      store,
      { registry: 'hub', repository: parseRepositoryName('built/on') },
      images.map(({ digest }, at) => ({ tag: parseTag(`t${at}`), digest })),
      { at: NOW, how: 'sync' },
    )
    const rule = { keep: 'matching', query: `digest:${shared}` } as const
    expect(await run({ scope: 'repo:built/on', rules: [rule] })).toMatchObject({ tags: 1_200, going: 0 })
  })
})

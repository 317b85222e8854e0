import { afterAll, beforeAll, describe, expect, it, test } from 'vitest'
import { type Policy, parsePolicies } from '../../config/policy-file.ts'
import { compileQuery } from '../../filter/evaluate-query.ts'
import { parseRepositoryName } from '../../oci/reference.ts'
import { openStore } from '../../store/open-store.ts'
import type { Store } from '../../store/store.ts'
import { describeEachDatabase } from '../../store/testing/each-database.ts'
import { type CatalogDatabase, catalogDatabase } from '../database/catalog-database.ts'
import { recordTags } from '../database/record-tags.ts'
import { fillSample } from '../database/testing/fill-sample.ts'
import { NOW, type SampleTag, sampleTags, searchedImages } from '../database/testing/sample-catalog.ts'
import type { Visibility } from '../database/visibility.ts'
import { findFindings } from './find-findings.ts'
import { type Finding, type FindingFilter, FindingList } from './finding-list.ts'
import { manifestFindings } from './manifest-findings.ts'

const EVERYTHING: Visibility = new Map([
  ['hub', ['**']],
  ['edge', ['**']],
])
const SOME: Visibility = new Map([['hub', ['team-a/*']]])
/** More than are read at a time. */
const LARGE = 4_500

const policiesAbout = (query: string) =>
  parsePolicies(
    'policy.yaml',
    `policies:
  - name: first
    query: ${JSON.stringify(query)}
    labels:
      licenses: { required: true, allow: [Apache-2.0] }
      team: { oneOf: [quay, harbour] }
    forbid: [version]
    maxAge: 200d
    owner: "label:team"
  - name: second
    labels: { team: { required: true } }`,
  )

describeEachDatabase('findings', (databases) => {
  let store: Store
  let database: CatalogDatabase
  beforeAll(async () => {
    store = await openStore(await databases.create())
    database = catalogDatabase(store)
    await fillSample(store, sampleTags)
  }, 60_000)
  afterAll(() => store?.close())

  const find = (policies: readonly Policy[], visibility: Visibility) =>
    findFindings(database, policies, { visibility, now: NOW })

  it.each([
    '',
    'label:team',
    '-tag:*-rc1 repo:team-a/*',
    'platform:linux/*',
    'tag:1.* or platform:windows/*',
    'label:reviewed',
    'team=quay -tag:latest',
    'has:signature,sbom',
    '-has:signature or tag:latest',
    'moved:<200d',
    'digest:00000177',
    'label:nothing',
  ])('are what the images that %j finds break, each tag judged on its own', async (query) => {
    const policies = policiesAbout(query)
    for (const visibility of [EVERYTHING, SOME]) {
      const visible = sampleTags.filter(
        ({ registry, repository }) => visibility === EVERYTHING || (registry === 'hub' && /^team-a\//.test(repository)),
      )
      const { findings, checkedImages, isComplete } = await find(policies, visibility)
      expect(await listOf(findings)).toEqual(policies.flatMap((policy) => expectedOf(policy, visible)))
      const isChecked = (tag: SampleTag) => policies.some((policy) => imagesOf(policy, tag).length > 0)
      expect(checkedImages).toBe(new Set(visible.filter(isChecked).map(({ digest }) => digest)).size)
      expect(isComplete).toBe(true)
    }
  })

  it('cover every tag of a repository that is larger than what is read at a time', async () => {
    const place = { registry: 'hub', repository: parseRepositoryName('large') }
    const digest = sampleTags[0]?.digest as string
    const tags = Array.from({ length: LARGE }, (_, serial) => ({ tag: `build-${serial}`, digest }))
    await recordTags(store, place, tags, { at: NOW, how: 'sync' })
    await recordTags(store, place, [{ tag: 'unread', problem: 'format' }], { at: NOW, how: 'sync' })
    const { findings, checkedImages } = await find(policiesAbout('repo:large'), new Map([['hub', ['large']]]))
    const [first] = sampleTags as [SampleTag]
    const each = policiesAbout('').flatMap((policy) => expectedOf(policy, [first])).length
    expect(findings.length).toBe(LARGE * each)
    expect(new Set((await listOf(findings)).map(([, , , tag]) => tag)).size).toBe(LARGE)
    expect(checkedImages).toBe(1)
  }, 60_000)
})

const rowOf = ({ policy, registry, repository, tag, digest, kind, key, value, owner, platforms, ...rest }: Finding) =>
  [
    policy,
    registry,
    repository,
    tag,
    digest,
    kind,
    key,
    value,
    owner,
    platforms.join(),
    rest.broken,
    rest.checked,
  ] as const

async function listOf(findings: FindingList, filter: FindingFilter = {}) {
  const all: Finding[] = []
  for await (const some of findings.batches(filter)) all.push(...some)
  return all.map(rowOf)
}

/** Images that a policy is about, each label with the value that counts: an annotation's before the config's. */
function imagesOf({ query }: Policy, tag: SampleTag) {
  const matches = compileQuery(query, NOW)
  const searched = searchedImages(tag).map((facts) => matches(facts) === true)
  return tag.images
    .filter((_, index) => searched[index])
    .map(({ labels, platform, created }) => ({
      labels: new Map(Array.from(labels ?? [], ([key, values]) => [key, values.at(-1) ?? ''])),
      ...(platform !== undefined && { platform }),
      ...(created !== undefined && { created }),
    }))
}

function expectedOf(policy: Policy, tags: readonly SampleTag[]) {
  const pathOf = ({ registry, repository, tag }: SampleTag) => `${registry} ${repository} ${tag}`
  return tags
    .toSorted((a, b) => (pathOf(a) < pathOf(b) ? -1 : 1))
    .flatMap(({ registry, repository, tag, digest, ...sample }) =>
      manifestFindings(policy, imagesOf(policy, { registry, repository, tag, digest, ...sample }), NOW).map((rule) =>
        rowOf({ ...rule, policy: policy.name, registry, repository, repositoryId: 0, tag, digest }),
      ),
    )
}

describe('a list of findings', () => {
  const missing = { kind: 'missing', key: 'team', expected: 'some text', platforms: [], broken: 1, checked: 1 } as const
  const old = { ...missing, kind: 'too-old', owner: 'quay' } as const
  const list = new FindingList(
    ['api', 'web'].map((name, id) => ({
      policy: 'ownership',
      repository: { id, registry: 'hub', name: parseRepositoryName(name) },
      tags: ['1', '2', '3'],
      verdicts: Array.from({ length: 3 }, () => ({ digest: 'sha256:00', findings: [missing, old] })),
      findings: 6,
    })),
  )
  const page = async (filter: FindingFilter, from: number) => {
    const { count, findings } = await list.page(filter, { from, size: 4 })
    return { count, shown: findings.map(({ repository, tag, kind }) => `${repository}:${tag} ${kind}`) }
  }

  test('counts what a filter selects, and shows one page of it', async () => {
    expect(list.length).toBe(12)
    const shown = ['api:3 missing', 'api:3 too-old', 'web:1 missing', 'web:1 too-old']
    expect(await page({}, 4)).toEqual({ count: 12, shown })
    const isOld: FindingFilter = { rule: ({ kind }) => kind === 'too-old', tag: (tag) => tag !== '2' }
    expect(await page(isOld, 2)).toEqual({ count: 4, shown: ['web:1 too-old', 'web:3 too-old'] })
    const inWeb: FindingFilter = { group: ({ repository }) => repository.name === 'web' }
    expect(await page(inWeb, 4)).toEqual({ count: 6, shown: ['web:3 missing', 'web:3 too-old'] })
  })

  test('says since when, and selects by that', async () => {
    const dated = list.dated(({ repository, tag }) => (repository === 'web' && tag === '2' ? 7 : undefined))
    const isDated: FindingFilter = { finding: ({ since }) => since !== undefined }
    const { count, findings } = await dated.page(isDated, { from: 1, size: 4 })
    expect([count, findings]).toMatchObject([2, [{ repository: 'web', tag: '2', kind: 'too-old', since: 7 }]])
    expect(await listOf(dated, isDated)).toHaveLength(2)
  })
})

import { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { describe, expect, test } from 'vitest'
import { AccessError } from '../../access/access-error.ts'
import type { Actor } from '../../access/actor.ts'
import { DatabaseCatalog } from '../../catalog/database/database-catalog.ts'
import { type RecordedManifest, recordManifests } from '../../catalog/database/record-manifests.ts'
import { recordGoneRepository } from '../../catalog/sync/record-gone-repository.ts'
import { csvRows } from '../../format/csv.ts'
import { parseRepositoryName } from '../../oci/reference.ts'
import type { LabelsPageState } from '../../routes/labels-page-query.ts'
import { theStore } from '../../store/the-store.ts'
import type { Export } from '../exports/export.ts'
import type { ExportFormat } from '../exports/export-text.ts'
import { anna, bo } from '../testing/configure.ts'
import { recordHub, recordTagOfHub } from '../testing/record-hub.ts'

const state = { q: '', sort: 'repository', seen: 0, open: [] } as const
recordHub([
  ['team/api', { tags: ['1.0', 'latest'], labels: { team: 'quay', licenses: 'MIT' } }],
  ['team/web', { tags: ['2.0'], labels: { team: 'harbour' } }],
  [
    'vault/keys',
    {
      tags: ['9.9'],
      labels: { team: 'spies', clearance: 'cosmic' },
      platform: { os: 'plan9', architecture: 'mips' },
    },
  ],
])

const search = async (actor: Actor, q: string) => {
  const { readSearch } = await import('./read-search.ts')
  return readSearch(actor, { ...state, q })
}

const found = ({ groups }: Awaited<ReturnType<typeof search>>) =>
  groups.flatMap(({ repository, tags }) => tags.map(({ tag }) => `${repository}:${tag}`))

test('finds tags by label under their repositories, with the requested values', async () => {
  const result = await search(anna, 'label:team=quay')
  expect(result.groups).toMatchObject([{ registry: 'hub', repository: 'team/api', found: 2, total: 2 }])
  expect(result.groups[0]?.tags[0]).toMatchObject({ tag: '1.0', labels: [{ key: 'team', value: 'quay' }] })
  expect(result.counts).toMatchObject({ tags: 2, repositories: 1, isComplete: true })
})

test('leaves out tags that only hold referrers unless asked', async () => {
  const signature = `sha256-${'57c0d71d'.repeat(8)}.sig`
  const removed = await recordTagOfHub('team/web', signature)
  try {
    const plain = await search(anna, 'repo:team/web')
    expect(found(plain)).toEqual(['team/web:2.0'])
    expect(plain).toMatchObject({ hidesReferrers: true, counts: { tags: 1 } })
    const { readSearch } = await import('./read-search.ts')
    const all = await readSearch(anna, { ...state, q: 'repo:team/web', referrers: true })
    expect(found(all)).toEqual(['team/web:2.0', `team/web:${signature}`])
    expect(found(await search(anna, 'tag:sha256-*'))).toEqual([`team/web:${signature}`])
  } finally {
    await removed()
  }
})

test('a result says when it may grow, because a repository that may match hasn’t been read', async () => {
  const place = { registry: 'hub', repository: parseRepositoryName('team/unread') }
  await new DatabaseCatalog(await theStore()).recordRepository(place)
  for (const [q, mayFindMore] of [
    ['', true],
    ['label:team', true],
    ['2.0', true],
    ['repo:team/** -label:licenses', true],
    ['repo:team/web', false],
    ['registry:other label:team', false],
  ] as const)
    expect(await search(anna, q), q).toMatchObject({ mayFindMore })
  await recordGoneRepository(await theStore(), place, Date.now())
})

test('a result says when it may be a part, because a digest is in more images than are looked up', async () => {
  const blobs = [{ digest: `sha256:e${'9'.repeat(63)}`, size: 1 }]
  const images = Array.from({ length: 1_001 }, (_, at): RecordedManifest => {
    const digest = `sha256:${at.toString().padStart(64, 'd')}`
    const own = { digest, mediaType: 'application/vnd.oci.image.manifest.v1+json', bytes: 1 }
    return { ...own, type: 'image', images: [{ ...own, layers: 1, blobs, labels: [] }] }
  })
  await recordManifests(await theStore(), images.slice(1))
  expect(await search(anna, 'digest:e99999')).toMatchObject({ isPartial: false, mayFindMore: false })
  await recordManifests(await theStore(), images)
  expect(await search(anna, 'digest:e99999')).toMatchObject({ isPartial: true, mayFindMore: true })
})

test('an unfinished query still applies its other terms, and says what is missing', async () => {
  const result = await search(anna, 'repo:team/** size:')
  expect(found(result)).toEqual(['team/api:1.0', 'team/api:latest', 'team/web:2.0'])
  expect(result.query.mistakes).toEqual([{ start: 13, end: 18, text: expect.stringMatching(/^A value is missing/) }])
})

test('each term can be removed, leaving the rest of the query', async () => {
  const { query } = await search(anna, 'repo:team/** -label:licenses')
  expect(query.terms).toEqual([
    { text: 'repo:team/**', rest: '-label:licenses', isNegated: false },
    { text: '-label:licenses', rest: 'repo:team/**', isNegated: true },
  ])
})

test('a facet narrows the search to its count', async () => {
  const { counts } = await search(anna, '')
  for (const values of Object.values(counts.facets))
    for (const { term, tags } of values)
      if (term) expect([term, (await search(anna, term)).counts.tags]).toEqual([term, tags])
})

describe('what may not be seen', () => {
  test.each(['', 'keys', 'label:clearance', 'team=spies', 'repo:vault/**', 'platform:plan9', '-team=quay'])(
    'is in no result, count, facet or age for %j',
    async (q) => {
      const result = await search(bo, q)
      expect(found(result).filter((name) => !name.startsWith('team/'))).toEqual([])
      expect(result.counts.tags).toBe(found(result).length)
      const { query: _, unknownKeys: __, ...rest } = result
      expect(JSON.stringify(rest)).not.toMatch(/vault|keys|spies|cosmic|clearance|plan9/)
    },
  )

  test('makes its label keys unknown, exactly as if they didn’t exist', async () => {
    const [hidden, absent] = [await search(bo, 'label:clearance'), await search(bo, 'label:nowhere')]
    expect(hidden.unknownKeys).toEqual([{ key: 'clearance', near: [] }])
    expect(absent.unknownKeys).toEqual([{ key: 'nowhere', near: [] }])
    expect((await search(anna, 'label:clearance')).unknownKeys).toEqual([])
  })
})

describe('the report of labels', () => {
  const report = async (actor: Actor, change: Partial<LabelsPageState> = {}) => {
    const { readLabels } = await import('../labels/read-labels.ts')
    return readLabels(actor, { view: 'matrix', q: '', keys: ['team', 'licenses'], rows: 'newest', page: 1, ...change })
  }
  const cells = ({ matrix }: Awaited<ReturnType<typeof report>>) =>
    matrix?.rows.map(({ tag, cells: [team, licenses] }) => [tag.repository, tag.tag, team, licenses])
  const value = (text: string) => ({ state: 'value', value: text })
  const missing = { state: 'missing' }

  test('shows the newest tag of each repository against the keys, those lacking most first', async () => {
    const page = await report(bo)
    expect(cells(page)).toEqual([
      ['team/web', '2.0', value('harbour'), missing],
      ['team/api', '1.0', value('quay'), value('MIT')],
    ])
    expect(page.matrix?.totals).toMatchObject({ rows: 2, missing: [0, 1], lackAny: 1, unread: [] })
  })

  test('shows every tag on request', async () => {
    expect(cells(await report(bo, { rows: 'all' }))?.map(([, tag]) => tag)).toEqual(['1.0', 'latest', '2.0'])
  })

  test('counts keys and values only in visible repositories', async () => {
    const keys = (actor: Actor) => report(actor).then((page) => page.keys.map(({ key, images }) => `${key} ${images}`))
    expect(await keys(bo)).toEqual(['team 2', 'licenses 1'])
    expect(await keys(anna)).toEqual(['team 3', 'clearance 1', 'licenses 1'])
    const values = (actor: Actor) => report(actor, { key: 'team' }).then((page) => page.values?.values.length)
    expect([await values(bo), await values(anna)]).toEqual([2, 3])
  })
})

describe('an export', () => {
  const textOf = async (pages: Promise<Export>, format: ExportFormat) => {
    const { exportText } = await import('../exports/export-text.ts')
    const { columns, pages: rows } = await pages
    return text(Readable.from(exportText(format, columns, rows)))
  }
  const tags = async (actor: Actor, q: string) => {
    const { exportSearch } = await import('../exports/export-search.ts')
    return exportSearch(actor, { q, sort: 'repository' })
  }

  test('contains every found tag that the actor may export, with the labels it names', async () => {
    const lines = (await textOf(tags(bo, '-label:clearance label:team'), 'ndjson')).trim().split('\n')
    expect(lines.map((line) => JSON.parse(line))).toMatchObject([
      { repository: 'team/api', tag: '1.0', 'label:team': ['quay'], 'label:clearance': [] },
      { repository: 'team/api', tag: 'latest' },
      { repository: 'team/web', tag: '2.0', 'label:team': ['harbour'] },
    ])
    expect(JSON.parse(await textOf(tags(bo, ''), 'json'))).toHaveLength(3)
    expect(JSON.parse(await textOf(tags(bo, 'repo:vault/**'), 'json'))).toEqual([])
  })

  test('of the labels contains the same rows as their page', async () => {
    const { exportLabelReport } = await import('../exports/export-label-report.ts')
    const state = { view: 'matrix', q: '', keys: ['team', 'licenses'], rows: 'newest', page: 1 } as const
    const csv = await textOf(exportLabelReport(bo, state), 'csv')
    expect(csv.split('\n').map((line) => line.replace(/sha256:\w+/, ''))).toEqual([
      'registry,repository,tag,digest,label:team,label:licenses',
      'hub,team/web,2.0,,harbour,',
      'hub,team/api,1.0,,quay,MIT',
      '',
    ])
    expect(await textOf(exportLabelReport(bo, { ...state, view: 'keys' }), 'csv')).not.toMatch(/clearance/)
  })

  test('defuses formulas for spreadsheets, in cells of lists too', async () => {
    for (const start of ['=', '+', '-', '@', '\t', '\r'])
      expect(csvRows([[`${start}cmd`, '1']])).toMatch(new RegExp(`^"?'\\${start}cmd"?,1\\n$`))
    async function* rows() {
      yield [{ a: ['=1+1', 'x'], b: 'plain, quoted' }]
    }
    const { exportText } = await import('../exports/export-text.ts')
    expect(await text(Readable.from(exportText('csv', ['a', 'b'], rows())))).toBe('a,b\n\'=1+1; x,"plain, quoted"\n')
  })
})

describe('completion', () => {
  const complete = async (actor: Actor, typed: string) => {
    const { completeSearch } = await import('./complete-search.ts')
    const { suggestions } = await completeSearch(actor, { text: typed, cursor: typed.length })
    return suggestions.map(({ text: suggestion, count }) =>
      count === undefined ? suggestion : `${suggestion} ${count}`,
    )
  }

  test.each([
    ['label:te', ['team 2']],
    ['team=', ['harbour 1', 'quay 1']],
    ['type:', ['image 3']],
    ['team=quay repo:', ['team/api 2']],
    ['tag:l', ['latest']],
    ['has:s', ['signature', 'sbom']],
    ['si', ['size:']],
  ])('suggests for %j', async (typed, offered) =>
    expect((await complete(bo, typed)).toSorted()).toEqual(offered.toSorted()),
  )

  test('narrows what was found by terms that leave some of it', async () => {
    expect(await complete(anna, '')).toEqual([
      'repo:team/* 3',
      'platform:linux/amd64 3',
      'repo:vault/* 1',
      'platform:plan9/mips 1',
    ])
  })

  test.each(['', 'v', 'label:', 'label:c', 'team=', 'clearance=', 'repo:', 'platform:', 'tag:9', 'registry:'])(
    'offers nothing that may not be seen for %j',
    async (typed) =>
      expect((await complete(bo, typed)).join(' ')).not.toMatch(/vault|keys|spies|cosmic|clearance|plan9|9\.9/),
  )
})

describe('saved searches', () => {
  const saved = () => import('./saved-searches.ts')

  test('belong to one person, and replace one with the same name', async () => {
    const { keepSearch, readSavedSearches, removeSavedSearch } = await saved()
    await keepSearch(anna, { name: 'No licence', href: '/search?q=-label:licenses' })
    await keepSearch(anna, { name: 'No licence', href: '/search?q=-label:licenses+repo:team/**' })
    const [mine, ...more] = await readSavedSearches(anna)
    expect([mine?.href, more, await readSavedSearches(bo)]).toEqual(['/search?q=-label:licenses+repo:team/**', [], []])
    await removeSavedSearch(bo, { id: mine?.id ?? '' })
    expect(await readSavedSearches(anna)).toHaveLength(1)
    await removeSavedSearch(anna, { id: mine?.id ?? '' })
    expect(await readSavedSearches(anna)).toEqual([])
  })

  test('lead only to searches and label reports', async () => {
    const { saveSearchInput } = await saved()
    const isTaken = (href: string) => saveSearchInput.safeParse({ name: 'x', href }).success
    expect(['/search?q=a', '/labels', '/labels?rows=all'].map(isTaken)).toEqual([true, true, true])
    expect(['//evil.example', 'javascript:1', '/jobs', '/search\\evil', '/searching'].map(isTaken)).not.toContain(true)
  })

  test('aren’t stored for anonymous visitors', async () => {
    const { keepSearch, maySaveSearches } = await saved()
    const visitor: Actor = { kind: 'anonymous', role: 'none', grants: [], readOnly: false }
    expect(maySaveSearches(visitor)).toBe(false)
    await expect(keepSearch(visitor, { name: 'x', href: '/search' })).rejects.toThrow(AccessError)
  })
})

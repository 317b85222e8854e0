import { sql } from 'kysely'
import { expect, test } from 'vitest'
import type { Actor } from '../../access/actor.ts'
import { parseRepositoryName, parseTag } from '../../oci/reference.ts'
import { NO_OWNER } from '../../routes/policy-page-query.ts'
import { theStore } from '../../store/the-store.ts'
import { anna, bo } from '../testing/configure.ts'
import { recordHub } from '../testing/record-hub.ts'

const POLICY = `policies:
  - name: licensing
    query: "-tag:*-dev"
    labels: { licenses: { required: true, format: spdx } }
    owner: "label:team"
  - name: no-maintainer
    forbid: [maintainer]
    owner: platform
  - name: keys in the vault
    query: "repo:vault/**"
    forbid: [password]
`
recordHub(
  [
    ['team/api', { tags: ['1.0', '2.0-dev'], labels: { team: 'quay' } }],
    ['team/web', { tags: ['1.0'], labels: { team: 'harbour', licenses: 'Apache two' } }],
    ['team/good', { tags: ['1.0'], labels: { team: 'harbour', licenses: 'MIT' } }],
    ['team/time', { tags: ['1'], labels: { team: 'quay', licenses: 'MIT' } }],
    ['team/time', { tags: ['2'], created: '2026-02-01T00:00:00Z', labels: { team: 'quay', licenses: 'MIT' } }],
    ['team/time', { tags: ['3'], created: '2026-03-01T00:00:00Z', labels: { team: 'harbour', licenses: 'MIT' } }],
    ['team/time', { tags: ['4'], created: '2026-04-01T00:00:00Z', labels: { licenses: 'MIT' } }],
    ['vault/keys', { tags: ['9.9'], labels: { maintainer: '=cmd|spy' } }],
  ],
  POLICY,
)

const report = async (actor: Actor, state = {}) => {
  const { readPolicyReport } = await import('./read-policy-report.ts')
  return readPolicyReport(actor, { page: 1, ...state })
}

test('the report counts findings by policy, kind, owner and repository, and names each image', async () => {
  const all = await report(anna)
  expect(all).toMatchObject({
    brokenImages: 3,
    checkedImages: 8,
    repositories: 3,
    owners: 4,
    total: 4,
    isComplete: true,
    policies: [
      { name: 'licensing', query: '-tag:*-dev', counts: { missing: 2, invalid: 1, forbidden: 0 }, total: 3 },
      { name: 'no-maintainer', counts: { missing: 0, forbidden: 1 }, total: 1 },
      { name: 'keys in the vault', query: 'repo:vault/**', total: 0 },
    ],
    byOwner: [
      { name: 'harbour', findings: 1 },
      { name: 'platform', findings: 1 },
      { name: 'quay', findings: 1, images: 1 },
      { name: NO_OWNER, findings: 1 },
    ],
  })
  expect(all?.byRepository[0]).toEqual({ name: 'hub/vault/keys', findings: 2, images: 1 })
  expect(all?.findings.map(({ repository, tag, kind }) => `${repository}:${tag} ${kind}`)).toEqual([
    'team/api:1.0 missing',
    'team/web:1.0 invalid',
    'vault/keys:9.9 missing',
    'vault/keys:9.9 forbidden',
  ])
})

test('each number selects its findings', async () => {
  expect(await report(anna, { policy: 'licensing', kind: 'missing' })).toMatchObject({ selected: 2 })
  expect(await report(anna, { owner: NO_OWNER })).toMatchObject({ selected: 1 })
  expect(await report(anna, { repository: 'hub/vault/keys' })).toMatchObject({ selected: 2 })
})

test('an exported search says whose each tag is, as its page does', async () => {
  const { exportSearch } = await import('../exports/export-search.ts')
  const { readSearch } = await import('../search/read-search.ts')
  const { columns, pages } = await exportSearch(anna, { q: '', sort: 'repository' })
  expect(columns).toContain('owner')
  const { groups } = await readSearch(anna, { q: '', sort: 'repository', seen: 0, open: [] })
  const shown = new Map(
    groups.map(({ repository, owners = [] }) => [repository, owners.flatMap(({ name }) => name ?? [])]),
  )
  const exported = new Map<unknown, unknown>()
  for await (const rows of pages) for (const row of rows) exported.set(row.repository, row.owner)
  expect(exported).toEqual(shown)
  expect([...shown.values()].flat().length).toBeGreaterThan(0)
})

test('hidden repositories are in no finding, number, owner or export', async () => {
  const mine = await report(bo)
  expect(mine).toMatchObject({ brokenImages: 2, checkedImages: 7, total: 2, repositories: 2 })
  expect(JSON.stringify(mine)).not.toMatch(/vault|spy/)
  expect(await exported(bo, 'csv')).not.toMatch(/vault|spy/)
})

test('exports findings as the page selects them, and no cell runs as a formula', async () => {
  const csv = (await exported(anna, 'csv')).split('\n')
  expect(csv[0]).toBe('policy,kind,registry,repository,tag,digest,platforms,label,value,expected,owner,since')
  expect(csv.find((line) => line.startsWith('no-maintainer,forbidden'))).toMatch(/,maintainer,'=cmd\|spy,/)
  const rows = (await exported(anna, 'ndjson', { kind: 'invalid' })).trim().split('\n')
  expect(rows.map((row) => JSON.parse(row))).toMatchObject([{ repository: 'team/web', label: 'licenses' }])
})

test('the page of an image explains as many findings as the report counts', async () => {
  const { explainImage } = await import('./explain-image.ts')
  const { readManifestPage } = await import('../manifest/read-manifest.ts')
  const all = await report(anna)
  for (const [name, tag] of [
    ['team/api', '1.0'],
    ['team/api', '2.0-dev'],
    ['team/web', '1.0'],
    ['team/good', '1.0'],
    ['vault/keys', '9.9'],
  ] as const) {
    const state = { platform: null, platforms: null, index: null }
    const page = await readManifestPage(
      anna,
      { registry: 'hub', repository: parseRepositoryName(name) },
      parseTag(tag),
      state,
    )
    const reported = all?.findings.filter((finding) => finding.repository === name && finding.tag === tag)
    expect(explainImage(anna, page, tag)?.findings, `${name}:${tag}`).toBe(reported?.length)
  }
})

test('the page of an image names the owners that the report names', async () => {
  const { explainImage } = await import('./explain-image.ts')
  const { readManifestPage } = await import('../manifest/read-manifest.ts')
  const all = await report(anna)
  const state = { platform: null, platforms: null, index: null }
  const ownersOf = async (name: string, tag: string) => {
    const place = { registry: 'hub', repository: parseRepositoryName(name) }
    return explainImage(anna, await readManifestPage(anna, place, parseTag(tag), state), tag)?.owners
  }
  const platform = { policy: 'no-maintainer', name: 'platform' }
  expect(await ownersOf('team/api', '1.0')).toEqual([{ policy: 'licensing', name: 'quay', label: 'team' }, platform])
  // The policy that goes by the label isn’t about it, or the label isn’t there.
  expect(await ownersOf('team/api', '2.0-dev')).toEqual([platform])
  expect(await ownersOf('vault/keys', '9.9')).toEqual([platform])
  for (const { repository, tag, policy, owner } of all?.findings ?? [])
    expect((await ownersOf(repository, tag))?.find((each) => each.policy === policy)?.name).toBe(owner)
})

test('a policy that finds nothing of what one may see isn’t named: its query names repositories', async () => {
  const { explainImage } = await import('./explain-image.ts')
  const { readManifestPage } = await import('../manifest/read-manifest.ts')
  const place = { registry: 'hub', repository: parseRepositoryName('team/api') }
  const state = { platform: null, platforms: null, index: null }
  const page = await readManifestPage(bo, place, parseTag('1.0'), state)
  const namesFor = async (actor: Actor) => ({
    report: (await report(actor))?.policies.map(({ name }) => name),
    image: explainImage(actor, page, '1.0')?.policies.map(({ policy }) => policy),
  })
  const own = ['licensing', 'no-maintainer']
  expect(await namesFor(bo)).toEqual({ report: own, image: own })
  const all = [...own, 'keys in the vault']
  expect(await namesFor(anna)).toEqual({ report: all, image: all })
})

test('the matrix of labels marks and counts values that break a policy', async () => {
  const { readLabels } = await import('../labels/read-labels.ts')
  const state = { view: 'matrix', q: '', keys: ['licenses', 'maintainer', 'team'], rows: 'newest', page: 1 } as const
  const { matrix } = await readLabels(anna, state)
  expect(matrix?.totals?.invalid).toEqual([1, 1, 0])
  const cellsOf = (name: string) => matrix?.rows.find(({ tag }) => tag.repository === name)?.cells
  expect(cellsOf('team/web')?.[0]).toMatchObject({
    state: 'value',
    value: 'Apache two',
    invalid: expect.stringContaining('SPDX'),
  })
  expect(cellsOf('vault/keys')?.[1]).toMatchObject({ state: 'value', invalid: 'no such label' })
  expect(cellsOf('team/good')?.[0]).toEqual({ state: 'value', value: 'MIT' })
  const { matrix: all } = await readLabels(anna, { ...state, rows: 'all' })
  expect(all?.rows.flatMap(({ cells }) => cells.filter((cell) => 'invalid' in cell))).toHaveLength(2)
})

test('a repository shows the values of a key over time', async () => {
  const { readLabels } = await import('../labels/read-labels.ts')
  const within = { registry: 'hub', repository: parseRepositoryName('team/time') }
  const state = { view: 'matrix', q: '', keys: [], rows: 'all', page: 1, key: 'team', within } as const
  const { timeline } = await readLabels(anna, state)
  expect(timeline?.periods).toMatchObject([
    { cell: { state: 'missing' }, tags: ['4', '4'], count: 1 },
    { cell: { state: 'value', value: 'harbour' }, tags: ['3', '3'], from: Date.UTC(2026, 2, 1), count: 1 },
    { cell: { value: 'quay' }, tags: ['1', '2'], from: Date.UTC(2026, 0, 1), until: Date.UTC(2026, 1, 1), count: 2 },
  ])
  const secret = {
    ...state,
    within: { registry: 'hub', repository: parseRepositoryName('vault/keys') },
    key: 'maintainer',
  }
  expect((await readLabels(bo, secret)).timeline?.periods).toEqual([])
})

async function exported(actor: Actor, format: 'csv' | 'ndjson', state = {}): Promise<string> {
  const { exportFindings } = await import('./export-findings.ts')
  const { exportText } = await import('../exports/export-text.ts')
  const { columns, pages } = await exportFindings(actor, { page: 1, ...state })
  let text = ''
  for await (const part of exportText(format, columns, pages)) text += part
  return text
}

test('the findings of one repository, which its page shows, don’t wait for reports', async () => {
  const { configuredPolicies, repositoryFindings } = await import('./policy-findings.ts')
  const policies = configuredPolicies() ?? []
  const findingsOf = (name: string) =>
    repositoryFindings({ registry: 'hub', repository: parseRepositoryName(name) }, policies)
  await findingsOf('team/good')
  const slow = sql`with recursive n(i) as (select 1 union all select i + 1 from n where i < 3000000) select sum(i) from n`
  const reports = slow.execute((await theStore()).readAll).then(() => 'reports')
  const page = findingsOf('team/api').then(({ findings }) => findings.length)
  expect(await Promise.race([reports, page])).toBe(1)
  await reports
})

test('a repository’s head and its tags in a search say whose it is, judged by its highest release', async () => {
  const { readRepositoryHead } = await import('../registries/read-repository-head.ts')
  const { readSearch } = await import('../search/read-search.ts')
  const { groups } = await readSearch(anna, {
    q: '',
    sort: 'repository',
    after: null,
    seen: 0,
    open: [],
    referrers: false,
  })
  const namesOf = (owners: readonly { readonly name?: string; readonly label?: string }[] = []) =>
    owners.map(({ name, label }) => (label === undefined ? name : `${label}=${name}`))
  expect(groups.map(({ repository, owners }) => [repository, namesOf(owners)])).toEqual([
    ['team/api', ['team=quay', 'platform']],
    ['team/good', ['team=harbour', 'platform']],
    ['team/time', ['platform']],
    ['team/web', ['team=harbour', 'platform']],
    ['vault/keys', ['platform']],
  ])
  for (const { repository, owners = [] } of groups) {
    const head = await readRepositoryHead(anna, { registry: 'hub', repository }, undefined)
    expect(head?.owners).toEqual(owners)
  }
})

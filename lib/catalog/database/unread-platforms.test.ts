import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { sql } from 'kysely'
import { afterAll, beforeEach, expect, it } from 'vitest'
import { parsePolicies } from '../../config/policy-file.ts'
import { parseRepositoryName, parseTag } from '../../oci/reference.ts'
import { openStore } from '../../store/open-store.ts'
import type { Store } from '../../store/store.ts'
import { describeEachDatabase } from '../../store/testing/each-database.ts'
import { findFindings } from '../policy/find-findings.ts'
import { simulate } from '../retention/simulate.ts'
import { catalogDatabase } from './catalog-database.ts'
import { everyMatrixRow } from './every-matrix-row.ts'
import { labelMatrix } from './label-matrix.ts'
import { newestTags } from './newest-tags.ts'
import { type PlatformImageFacts, type RecordedManifest, recordManifests } from './record-manifests.ts'
import { recordTags } from './record-tags.ts'
import { searchTags, typedQuery } from './search-tags.ts'

const NOW = Date.UTC(2026, 10, 29)
const PLACE = { registry: 'hub', repository: parseRepositoryName('team/api') }
const VISIBILITY = new Map([['hub', ['**']]])
const child = { mediaType: 'application/vnd.oci.image.manifest.v1+json', bytes: 9, blobs: [], labels: [] }
const stage = { key: 'stage', value: 'prod', origin: 'index-annotation' } as const
const amd64: PlatformImageFacts = {
  ...child,
  digest: `sha256:${'a'.repeat(64)}`,
  platform: 'linux/amd64',
  layers: 2,
  labels: [{ key: 'team', value: 'quay', origin: 'config' }, stage],
}
const unread: PlatformImageFacts = {
  ...child,
  digest: `sha256:${'b'.repeat(64)}`,
  platform: 'linux/arm64',
  labels: [stage],
}
const arm64: PlatformImageFacts = {
  ...unread,
  layers: 3,
  labels: [{ key: 'team', value: 'quay', origin: 'config' }, stage],
}
const policies = parsePolicies('policy.yaml', 'policies:\n  - name: all\n    labels: { team: { required: true } }')
const index = (images: readonly PlatformImageFacts[], problem?: string): RecordedManifest => ({
  digest: `sha256:${'c'.repeat(64)}`,
  mediaType: 'application/vnd.oci.image.index.v1+json',
  type: 'index',
  bytes: 9,
  holds: { sbom: false, provenance: false },
  images,
  ...(problem !== undefined && { problem }),
})

describeEachDatabase('platforms that can’t be read', (databases) => {
  let store: Store
  const matches = async (text: string) => {
    const search = {
      query: typedQuery(text).query,
      visibility: VISIBILITY,
      sort: 'repository',
      limit: 5,
      now: NOW,
    } as const
    const { tags } = await searchTags(catalogDatabase(store), search)
    return tags.flatMap(({ images }) => images.flatMap(({ matches, platform }) => (matches ? [platform] : [])))
  }
  const counts = async (table: 'label_key' | 'label_value') => {
    const column = table === 'label_key' ? 'key' : 'value'
    const { rows } = await sql<{ text: string; images: number }>`
      select ${sql.ref(column)} as text, images from ${sql.table(table)}`.execute(store.read)
    return rows.map(({ text, images }) => `${text} ${images}`).sort()
  }
  const going = async (query: string) => {
    const policy = { scope: 'repo:**', rules: [{ keep: 'matching', query }] } as const
    const options = { visibility: VISIBILITY, protects: () => () => undefined, now: NOW }
    return (await simulate(catalogDatabase(store), policy, options)).going
  }
  const all = { query: typedQuery('').query, visibility: VISIBILITY, now: NOW }

  beforeEach(async () => {
    await store?.close()
    store = await openStore(await databases.create())
    await recordManifests(store, [index([amd64, unread], 'child')])
    await recordTags(store, PLACE, [{ tag: parseTag('1.0'), digest: `sha256:${'c'.repeat(64)}` }], {
      at: NOW,
      how: 'sync',
    })
  })
  afterAll(() => store?.close())

  it('neither have labels nor lack them', async () => {
    expect(await matches('label:team')).toEqual(['linux/amd64'])
    expect(await matches('-label:team')).toEqual([])
    expect(await matches('-team=mole')).toEqual(['linux/amd64'])
    expect(await matches('-label:nowhere')).toEqual(['linux/amd64'])
    expect(await matches('label:stage')).toEqual(['linux/amd64', 'linux/arm64'])
  })

  it('are shown as not read in the matrix and in exports of it, and break no policy', async () => {
    const database = catalogDatabase(store)
    const differs = {
      state: 'differs',
      platforms: [
        { platform: 'linux/amd64', values: ['quay'] },
        { platform: 'linux/arm64', values: [], isUnread: true },
      ],
    }
    const cells = [differs, { state: 'value', value: 'prod' }, { state: 'missing' }]
    const keys = ['team', 'stage', 'nowhere']
    const matrix = await labelMatrix(database, { ...all, sort: 'repository', limit: 5 }, keys)
    expect(matrix.rows.map((row) => row.cells)).toEqual([cells])
    for await (const rows of everyMatrixRow(database, all, keys)) expect(rows.map((row) => row.cells)).toEqual([cells])
    const { findings } = await findFindings(database, policies, { visibility: VISIBILITY, now: NOW })
    expect(findings.length).toBe(0)
  })

  it('leave open whether their repository breaks a policy, where the policy is about them', async () => {
    const find = () => findFindings(catalogDatabase(store), policies, { visibility: VISIBILITY, now: NOW })
    expect(await find()).toMatchObject({
      unread: [{ registry: 'hub', name: 'team/api' }],
      checkedImages: 1,
      isComplete: false,
    })
    const amd64Only = policies.map((policy) => ({ ...policy, query: typedQuery('platform:amd64').query }))
    const { unread: none } = await findFindings(catalogDatabase(store), amd64Only, { visibility: VISIBILITY, now: NOW })
    expect(none).toEqual([])
    await recordManifests(store, [index([amd64, arm64])])
    expect(await find()).toMatchObject({ unread: [], checkedImages: 1, isComplete: true })
  })

  it('lack no label where nothing of the tag could be read', async () => {
    await recordManifests(store, [{ ...index([unread], 'child'), digest: `sha256:${'d'.repeat(64)}` }])
    await recordTags(store, PLACE, [{ tag: parseTag('1.0'), digest: `sha256:${'d'.repeat(64)}` }], {
      at: NOW,
      how: 'sync',
    })
    const database = catalogDatabase(store)
    const { tags } = await newestTags(database, all, ['team', 'stage'])
    expect(tags).toMatchObject([{ missing: [false, false] }])
    const { rows } = await labelMatrix(database, { ...all, sort: 'repository', limit: 5 }, ['team', 'stage'])
    expect(rows.map(({ cells }) => cells)).toEqual([[{ state: 'unread' }, { state: 'value', value: 'prod' }]])
  })

  it.each(['team=mole', 'label:nowhere', '-label:team', 'team!=quay'])(
    'are kept by a retention rule that may be true of them: %s',
    async (query) => {
      expect(await going(query)).toBe(0)
      await recordManifests(store, [index([amd64, arm64])])
      expect(await going(query)).toBe(1)
    },
  )

  it('may be of any platform, and hold any blob, to retention rules', async () => {
    const digest = `sha256:${'d'.repeat(64)}`
    const record = async (...of: Parameters<typeof index>) => {
      await recordManifests(store, [{ ...index(...of), digest }])
      await recordTags(store, PLACE, [{ tag: parseTag('1.0'), digest }], { at: NOW, how: 'sync' })
    }
    const { platform: _, ...unnamed } = unread
    await record([amd64, unnamed], 'child')
    for (const query of ['platform:plan9', 'platform:arm64', 'digest:ffffffffffff']) expect(await going(query)).toBe(0)
    await record([amd64], 'too-many-platforms')
    for (const query of ['platform:plan9', 'label:nowhere', 'layers:9']) expect(await going(query)).toBe(0)
  })

  it('are completed once they can be', async () => {
    const config = { key: 'stage', value: 'dev', origin: 'config' } as const
    const whole = [index([amd64, { ...arm64, labels: [config, ...arm64.labels] }])]
    await Promise.all([recordManifests(store, whole), recordManifests(store, whole)])
    await recordManifests(store, whole)
    expect(await matches('label:team layers:3')).toEqual(['linux/arm64'])
    expect(await matches('stage=dev')).toEqual(['linux/arm64'])
    expect(await counts('label_key')).toEqual(['stage 2', 'team 2'])
    expect(await counts('label_value')).toEqual(['dev 1', 'prod 2', 'quay 2'])
  })

  it('are replaced by the images of an index once that can be read', async () => {
    const nested = { ...unread, digest: `sha256:${'e'.repeat(64)}`, mediaType: index([]).mediaType }
    const digest = `sha256:${'d'.repeat(64)}`
    await recordManifests(store, [{ ...index([amd64, nested], 'child'), digest }])
    await recordTags(store, PLACE, [{ tag: parseTag('1.0'), digest }], { at: NOW, how: 'sync' })
    await recordManifests(store, [{ ...index([amd64, arm64]), digest }])
    expect(await matches('label:stage')).toEqual(['linux/amd64', 'linux/arm64'])
    expect(await matches('-label:team')).toEqual([])
    // The index that the others stand in has two images more.
    expect(await counts('label_key')).toEqual(['stage 4', 'team 3'])
    expect(await counts('label_value')).toEqual(['prod 4', 'quay 3'])
  })

  it('are unread, and are completed, where earlier versions recorded them as images without labels', async () => {
    const digest = `sha256:${'d'.repeat(64)}`
    const nested = { ...unread, digest: `sha256:${'e'.repeat(64)}`, mediaType: index([]).mediaType, layers: 0 }
    const single = { ...child, digest: `sha256:${'f'.repeat(64)}`, layers: 3 }
    await recordManifests(store, [
      { ...index([amd64, nested]), digest },
      { ...single, type: 'image', problem: 'config', images: [single] },
    ])
    const tags = [
      { tag: parseTag('1.0'), digest },
      { tag: parseTag('2.0'), digest: single.digest },
    ]
    await recordTags(store, PLACE, tags, { at: NOW, how: 'sync' })
    expect(await matches('-label:team')).toEqual([undefined, 'linux/arm64'])
    const file = join('lib', 'store', 'migrations', databases.kind, '0026-unread-images.sql')
    for (const statement of readFileSync(file, 'utf8').split(';\n\n')) await sql.raw(statement).execute(store.write)
    expect(await matches('-label:team')).toEqual([])
    await recordManifests(store, [
      { ...index([amd64, arm64]), digest },
      { ...single, type: 'image', images: [{ ...arm64, ...single, labels: arm64.labels }] },
    ])
    expect(await matches('label:team layers:3')).toEqual(['linux/arm64', 'linux/arm64'])
    expect(await matches('-label:team')).toEqual([])
  })
})

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { sql } from 'kysely'
import { afterAll, beforeEach, expect, it } from 'vitest'
import { parseRepositoryName, parseTag } from '../../oci/reference.ts'
import { openStore } from '../../store/open-store.ts'
import type { Store } from '../../store/store.ts'
import { describeEachDatabase } from '../../store/testing/each-database.ts'
import { simulate } from '../retention/simulate.ts'
import { catalogDatabase } from './catalog-database.ts'
import { emptyCatalog } from './empty-catalog.ts'
import { findDigest } from './find-digest.ts'
import { type RecordedManifest, recordManifests, wholeManifests } from './record-manifests.ts'
import { recordTags } from './record-tags.ts'
import { searchTags, typedQuery } from './search-tags.ts'
import { untaggedManifests } from './untagged-manifests.ts'

const NOW = Date.UTC(2026, 11, 1)
const PLACE = { registry: 'hub', repository: parseRepositoryName('team/api') }
const VISIBILITY = new Map([['hub', ['**']]])
const digestOf = (digit: string) => `sha256:${digit.repeat(64)}`
const [OUTER, INNER, IMAGE] = [digestOf('a'), digestOf('b'), digestOf('c')]

const listed = { mediaType: 'application/vnd.oci.image.index.v1+json', bytes: 9 }
const image = {
  digest: IMAGE,
  mediaType: 'application/vnd.oci.image.manifest.v1+json',
  bytes: 9,
  layers: 1,
  size: 9,
  blobs: [],
  labels: [],
}
const index = (digest: string): RecordedManifest => ({
  ...listed,
  digest,
  type: 'index',
  holds: { sbom: false, provenance: false },
  images: [image],
})

describeEachDatabase('an index in an index', (databases) => {
  let store: Store
  const tag = (name: string, digest: string, at = NOW) =>
    recordTags(store, PLACE, [{ tag: parseTag(name), digest }], { at, how: 'sync' })

  beforeEach(async () => {
    await store?.close()
    store = await openStore(await databases.create())
    const outer = { ...index(OUTER), indexes: [{ ...listed, digest: INNER }] }
    await Promise.all([recordManifests(store, [outer]), recordManifests(store, [outer])])
    await tag('outer', OUTER)
  })
  afterAll(() => store?.close())

  it('is found by its digest, with the tags of the index that lists it', async () => {
    const wanted = { query: typedQuery('digest:bbbbbbbb').query, visibility: VISIBILITY, now: NOW }
    const { tags } = await searchTags(catalogDatabase(store), { ...wanted, sort: 'repository', limit: 5 })
    expect(tags.map(({ tag }) => tag)).toEqual(['outer'])
    expect(await findDigest(catalogDatabase(store), { visibility: VISIBILITY, hex: 'bbbbbbbb', limit: 5 })).toEqual([
      { ...PLACE, tag: 'outer', digest: INNER, role: 'listed' },
    ])
  })

  it('stays, with its tag, while the index that lists it does', async () => {
    await recordManifests(store, [index(INNER)])
    await tag('inner', INNER)
    const policy = { scope: 'repo:**', rules: [{ keep: 'matching', query: 'tag:outer' }] } as const
    const options = { visibility: VISIBILITY, protects: () => () => undefined, now: NOW }
    expect(await simulate(catalogDatabase(store), policy, options)).toMatchObject({ going: 0, asPlatforms: 1 })
  })

  it('loses its last tag with the index that lists it', async () => {
    await recordManifests(store, [{ ...index(digestOf('d')), images: [{ ...image, digest: digestOf('e') }] }])
    await tag('outer', digestOf('d'), NOW + 1_000)
    const untagged = await untaggedManifests(store, PLACE, { offset: 0, limit: 5 })
    expect(untagged.map(({ digest }) => digest)).toEqual([OUTER, INNER, IMAGE])
  })

  it('is looked for by the next sync in indexes that were recorded before and share an image', async () => {
    const alone = { ...index(digestOf('f')), images: [{ ...image, digest: digestOf('1') }] }
    await recordManifests(store, [index(INNER), alone])
    const file = join('lib', 'store', 'migrations', databases.kind, '0028-nested-indexes.sql')
    const update = readFileSync(file, 'utf8')
      .split(';\n')
      .find((statement) => statement.includes('update manifest'))
    await sql.raw(update ?? '').execute(store.write)
    expect([...(await wholeManifests(store, [OUTER, INNER, alone.digest]))]).toEqual([alone.digest])
  })

  it('is forgotten with the catalog', async () => {
    await emptyCatalog(store)
    expect(await store.read.selectFrom('nested_index').selectAll().execute()).toEqual([])
  })
})

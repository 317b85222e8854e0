import { CompiledQuery, type KyselyPlugin, type RootOperationNode, sql } from 'kysely'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { parseRepositoryName, parseTag } from '../../oci/reference.ts'
import { openStore } from '../../store/open-store.ts'
import type { Store } from '../../store/store.ts'
import { describeEachDatabase } from '../../store/testing/each-database.ts'
import { type CatalogDatabase, catalogDatabase } from './catalog-database.ts'
import { labelKeys, labelValues } from './label-keys.ts'
import { labelMatrix } from './label-matrix.ts'
import { newestTags } from './newest-tags.ts'
import { searchFacets } from './search-facets.ts'
import { searchTags, typedQuery } from './search-tags.ts'
import { tagMarks } from './tag-marks.ts'
import type { TagSearchSort } from './tag-search.ts'
import { fillSample } from './testing/fill-sample.ts'
import { NOW, sampleTags } from './testing/sample-catalog.ts'
import type { Visibility } from './visibility.ts'

const EVERYTHING: Visibility = new Map([
  ['hub', ['**']],
  ['edge', ['**']],
])
const TEAM_A: Visibility = new Map([['hub', ['team-a/**']]])
/** What has a row for each tag, image or label; under the names that statements give them. */
const LARGE = [
  'tag',
  't',
  'image',
  'i',
  'j',
  'manifest',
  'm',
  'c',
  'label',
  'l',
  'd',
  'label_value',
  'v',
  'blob',
  'e',
  'f',
]
const QUERIES = [
  '',
  'api',
  'repo:team-a/** tag:1.*',
  'team=quay',
  'team!=quay',
  '-label:licenses',
  'label:version=1.*',
  'team=quay platform:linux/arm64 age:>90d',
  'has:signature -has:sbom',
  'digest:000001',
  'label:reviewed=yes',
]
const SORTS: readonly TagSearchSort[] = ['repository', 'created', 'moved', 'size']

describeEachDatabase('the plans of', (databases) => {
  let store: Store
  let database: CatalogDatabase
  const nodes: RootOperationNode[] = []

  beforeAll(async () => {
    const location = await databases.create()
    const filled = await openStore(location)
    await fillSample(filled, sampleTags)
    // Tables this small would be scanned in any case: what is scanned even so has no index. Without statistics, SQLite
    // takes every table for large.
    if (databases.kind === 'postgres') {
      const { rows } = await sql<{ name: string }>`select current_database() as name`.execute(filled.read)
      await sql`alter database ${sql.ref(rows[0]?.name ?? '')} set enable_seqscan = off`.execute(filled.write)
    }
    await filled.close()
    store = await openStore(location)
    const plugin: KyselyPlugin = {
      transformQuery({ node }) {
        nodes.push(node)
        return node
      },
      transformResult: async ({ result }) => result,
    }
    database = catalogDatabase({
      ...store,
      close: () => store.close(),
      size: () => store.size(),
      read: store.read.withPlugin(plugin),
    })
  })
  afterAll(() => store?.close())

  /** The steps of everything that the work asks the database which read a large table from one end to the other. */
  const scansOf = async (work: () => Promise<unknown>) => {
    nodes.length = 0
    await work()
    const scans: string[] = []
    for (const node of [...nodes]) {
      const { sql: text, parameters } = store.read.getExecutor().compileQuery(node, { queryId: 'plan' })
      const plan = CompiledQuery.raw(`${store.dialect.explain} ${text}`, [...parameters])
      const { rows } = await store.read.executeQuery<Record<string, unknown>>(plan)
      const steps = rows.map((row) => String(row.detail ?? row['QUERY PLAN']).trim())
      for (const step of steps) {
        // The result of a part, which a limit keeps small.
        const isPart = steps.includes(`CO-ROUTINE ${step.replace('SCAN ', '')}`)
        // Where a term holds for more than a quarter of all images, they are read in their own order.
        const isWanted = step === 'SCAN i' && text.includes('with matching as materialized')
        if (isScan(step) && !isPart && !isWanted) scans.push(`${step} in ${text.replaceAll(/\s+/g, ' ')}`)
      }
    }
    return scans
  }

  it('searches scan no table, whatever their terms and order', async () => {
    for (const visibility of [EVERYTHING, TEAM_A])
      for (const text of QUERIES)
        for (const sort of SORTS) {
          const search = { query: typedQuery(text).query, visibility, sort, limit: 5, now: NOW }
          expect(await scansOf(() => searchTags(database, search)), `${text} by ${sort}`).toEqual([])
        }
  })

  it('marks of tags scan no table', async () => {
    const tags = ['1.0', '1.1', 'latest'].map(parseTag)
    const place = { registry: 'hub', repository: parseRepositoryName('team-a/api') }
    expect(await scansOf(() => tagMarks(database, EVERYTHING, place, tags))).toEqual([])
  })

  it('facets, keys, values and the matrix scan no table', async () => {
    for (const visibility of [EVERYTHING, TEAM_A]) {
      const search = { query: typedQuery('label:team').query, visibility, now: NOW }
      expect(await scansOf(() => searchFacets(database, search))).toEqual([])
      expect(await scansOf(() => labelKeys(database, visibility))).toEqual([])
      expect(await scansOf(() => labelValues(database, { visibility, key: 'team', limit: 10 }))).toEqual([])
      expect(await scansOf(() => newestTags(database, search, ['team']))).toEqual([])
      expect(await scansOf(() => labelMatrix(database, { ...search, sort: 'repository', limit: 5 }, ['team']))).toEqual(
        [],
      )
    }
  })
})

/** `SCAN t` of SQLite, and not `SCAN t USING INDEX`, which a page ends early; `Seq Scan on tag t` of PostgreSQL. */
function isScan(step: string): boolean {
  const [, lite] = /^SCAN (\w+)$/.exec(step) ?? []
  const [, table] = /Seq Scan on (\w+)/.exec(step) ?? []
  return LARGE.includes(lite ?? table ?? '')
}

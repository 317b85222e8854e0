import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type CatalogDatabase, catalogDatabase } from '../../lib/catalog/database/catalog-database.ts'
import { labelKeys, labelValues } from '../../lib/catalog/database/label-keys.ts'
import { searchTags, typedQuery } from '../../lib/catalog/database/search-tags.ts'
import type { TagSearchSort } from '../../lib/catalog/database/tag-search.ts'
import type { Visibility } from '../../lib/catalog/database/visibility.ts'
import { openStore, type StoreLocation } from '../../lib/store/open-store.ts'
import { startPostgres } from '../../lib/testing/servers/postgres.ts'
import { fillCatalog, NOW, repositoryName } from './catalog-fill.ts'
import { timed } from './measure.ts'
import type { Row } from './table.ts'

/** Tags of the generated catalogs: the table shows how cost grows. `LADING_BENCH_TAGS` names others. */
const SCALES = (process.env.LADING_BENCH_TAGS ?? '10000,100000,1000000').split(',').map(Number)
const RUNS = 15

const EVERYTHING: Visibility = new Map([['hub', ['**']]])
const GRANTS: Visibility = new Map([['hub', Array.from({ length: 20 }, (_, team) => `team-${team}/**`)]])

/** The catalog in each database, at each size: 95th percentiles of what `lib/data` waits for. */
export async function catalogRows(): Promise<Row[]> {
  const rows: Row[] = []
  const folder = await mkdtemp(join(tmpdir(), 'lading-bench-catalog-'))
  try {
    for (const tags of SCALES) rows.push(...(await measure({ kind: 'sqlite', file: join(folder, `${tags}.db`) }, tags)))
    await using server = await startPostgres()
    for (const tags of SCALES)
      rows.push(...(await measure({ kind: 'postgres', url: await server.createDatabase() }, tags)))
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
  return rows
}

async function measure(location: StoreLocation, tags: number): Promise<Row[]> {
  const store = await openStore(location)
  try {
    const filled = await timed(() => fillCatalog(store, tags))
    console.log(
      `Filled ${store.dialect.name} with ${tags.toLocaleString('en')} tags in ${(filled / 1_000).toFixed(0)} s`,
    )
    const name = (what: string) => `catalog: ${store.dialect.name}, ${tags / 1_000}k tags: ${what}`
    const rows: Row[] = [
      {
        name: name('bytes a tag'),
        value: (await store.size()) / tags / 1_024,
        unit: 'KB',
        target: { kind: 'at-most', value: 0.5 },
      },
    ]
    for (const { what, bound, work } of works(catalogDatabase(store), tags)) {
      const value = await percentile95(work)
      rows.push({ name: name(what), value, unit: 'ms', target: { kind: 'at-most', value: bound } })
      if (process.env.LADING_BENCH_VERBOSE) console.log(`${what}: ${value.toFixed(1)} ms (${bound})`)
    }
    return rows
  } finally {
    await store.close()
  }
}

interface Work {
  readonly what: string
  /** Milliseconds. */
  readonly bound: number
  work(run: number): Promise<void>
}

function works(database: CatalogDatabase, tags: number): Work[] {
  const search = (
    what: string,
    bound: number,
    query: (run: number) => string,
    options: { sort?: TagSearchSort; visibility?: Visibility; finds?: boolean } = {},
  ): Work => ({
    what: `search ${what}`,
    bound,
    async work(run) {
      const page = await searchTags(database, {
        query: typedQuery(query(run)).query,
        visibility: options.visibility ?? EVERYTHING,
        sort: options.sort ?? 'repository',
        limit: 50,
        now: NOW,
      })
      const finds = options.finds ?? true
      if (page.tags.length > 0 !== finds) throw new Error(`${what} found ${page.tags.length} tags`)
    },
  })
  return [
    search('everything', 20, () => ''),
    search('everything by created', 20, () => '', { sort: 'created' }),
    search('everything by moved', 20, () => '', { sort: 'moved' }),
    search('everything by size', 20, () => '', { sort: 'size' }),
    search('exact, frequent (team=team-3)', 20, (run) => `team=team-${run % 9}`),
    search(
      'exact, one image',
      20,
      (run) => `org.opencontainers.image.source=https://git.example.com/component-${run * 6}`,
    ),
    search('prefix (version=1.*)', 20, () => 'label:org.opencontainers.image.version=1.*'),
    search('absent key', 20, () => '-label:org.opencontainers.image.licenses'),
    search('absent key by created', 20, () => '-label:org.opencontainers.image.licenses', { sort: 'created' }),
    search('one repository', 20, (run) => `repo:${repositoryName(run)}`),
    search('one repository by size', 20, (run) => `repo:${repositoryName(run)}`, { sort: 'size' }),
    search('substring of a name', 100, (run) => `component-${(tags / 100 - 1 - run).toString()}`),
    search('two terms', 200, (run) => `team=team-${run % 9} platform:linux/arm64 age:>90d`),
    search('two terms, 20 grants', 200, (run) => `team=team-${run % 9} -label:com.example.key-1`, {
      visibility: GRANTS,
    }),
    search('nothing found', 200, () => 'team=team-0 label:org.opencontainers.image.licenses=GPL-3.0', { finds: false }),
    search('nothing found by created', 200, () => 'team=team-0 org.opencontainers.image.licenses=GPL-3.0', {
      sort: 'created',
      finds: false,
    }),
    search('a digest', 20, () => 'digest:5feceb66', { finds: false }),
    {
      what: 'label keys with counts',
      bound: 50,
      async work() {
        const keys = await labelKeys(database, EVERYTHING)
        if (keys.length !== 40) throw new Error(`${keys.length} keys`)
      },
    },
    {
      what: 'label keys with counts, 20 grants',
      bound: 200,
      work: async () => {
        await labelKeys(database, GRANTS)
      },
    },
    {
      what: 'values of a key, the top 20',
      bound: 20,
      work: async () => {
        await labelValues(database, { visibility: EVERYTHING, key: 'org.opencontainers.image.revision', limit: 20 })
      },
    },
  ]
}

async function percentile95(work: (run: number) => Promise<void>): Promise<number> {
  await work(0)
  const times: number[] = []
  for (let run = 0; run < RUNS; run++) times.push(await timed(() => work(run)))
  return times.toSorted((a, b) => a - b)[Math.floor(RUNS * 0.95)] ?? Number.NaN
}

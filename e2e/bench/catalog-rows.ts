import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import { systemClock } from '../../lib/catalog/clock.ts'
import { type CatalogDatabase, catalogDatabase } from '../../lib/catalog/database/catalog-database.ts'
import { everyTag } from '../../lib/catalog/database/every-tag.ts'
import { labelKeys, labelValues } from '../../lib/catalog/database/label-keys.ts'
import { readAhead } from '../../lib/catalog/database/read-ahead.ts'
import { repositoryRows } from '../../lib/catalog/database/repository-rows.ts'
import { repositorySummaries } from '../../lib/catalog/database/repository-summaries.ts'
import { searchFacets } from '../../lib/catalog/database/search-facets.ts'
import { searchTags, typedQuery } from '../../lib/catalog/database/search-tags.ts'
import { SteadyClock } from '../../lib/catalog/database/steady-clock.ts'
import { readTagPage } from '../../lib/catalog/database/tag-pages.ts'
import type { TagSearchSort } from '../../lib/catalog/database/tag-search.ts'
import type { Visibility } from '../../lib/catalog/database/visibility.ts'
import { findFindings } from '../../lib/catalog/policy/find-findings.ts'
import type { RetentionPolicy } from '../../lib/catalog/retention/retention-policy.ts'
import { simulate } from '../../lib/catalog/retention/simulate.ts'
import { parsePolicies } from '../../lib/config/policy-file.ts'
import { exportText } from '../../lib/data/exports/export-text.ts'
import { exportRow, labelColumn, TAG_COLUMNS } from '../../lib/data/exports/tag-row.ts'
import { openStore, type StoreLocation } from '../../lib/store/open-store.ts'
import type { Store } from '../../lib/store/store.ts'
import { startPostgres } from '../../lib/testing/servers/postgres.ts'
import { fillCatalog, NOW, repositoryName } from './catalog-fill.ts'
import { ownMemory, timed } from './measure.ts'
import type { Row } from './table.ts'

/** Tags of the generated catalogs: the table shows how cost grows. `LADING_BENCH_TAGS` names others, `LADING_BENCH_DATABASES` one. */
const SCALES = (process.env.LADING_BENCH_TAGS ?? '10000,100000,1000000').split(',').map(Number)
const DATABASES = (process.env.LADING_BENCH_DATABASES ?? 'sqlite,postgres').split(',')
const RUNS = 15

const EVERYTHING: Visibility = new Map([['hub', ['**']]])
const GRANTS: Visibility = new Map([['hub', Array.from({ length: 20 }, (_, team) => `team-${team}/**`)]])

/** The catalog in each database, at each size: 95th percentiles of what `lib/data` waits for. */
export async function catalogRows(): Promise<Row[]> {
  const rows: Row[] = []
  const folder = await mkdtemp(join(tmpdir(), 'lading-bench-catalog-'))
  try {
    if (DATABASES.includes('sqlite'))
      for (const tags of SCALES)
        rows.push(...(await measure({ kind: 'sqlite', file: join(folder, `${tags}.db`) }, tags)))
    if (!DATABASES.includes('postgres')) return rows
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
        value: (await sizeOf(store)) / tags,
        unit: '',
        target: { kind: 'at-most', value: 500 },
      },
    ]
    for (const { what, bound, work } of works(catalogDatabase(store), tags)) {
      const value = await percentile95(work)
      rows.push({ name: name(what), value, unit: 'ms', target: { kind: 'at-most', value: bound } })
      if (process.env.LADING_BENCH_VERBOSE) console.log(`${what}: ${value.toFixed(1)} ms (${bound})`)
    }
    rows.push(...(await wholeRows(catalogDatabase(store), name)))
    return rows
  } finally {
    await store.close()
  }
}

/** Bytes of all tables and indexes that hold something: an empty database has pages too. */
async function sizeOf({ read, write, dialect }: Store): Promise<number> {
  if (dialect.name === 'sqlite') {
    await sql`pragma wal_checkpoint(truncate)`.execute(write)
    const { rows } = await sql<{ size: number }>`
      select sum(size) as size from (select sum(pgsize) as size from dbstat group by name having sum(ncell) > 0)`.execute(
      read,
    )
    return rows[0]?.size ?? 0
  }
  const { rows } = await sql<{ size: number }>`
    select sum(pg_relation_size(c.oid)) as size from pg_class c
    where c.relnamespace = current_schema()::regnamespace and c.relkind in ('r', 'i') and c.reltuples > 0`.execute(read)
  return rows[0]?.size ?? 0
}

/** What reads everything: the report of policies and an export, with what they take from others meanwhile. */
async function wholeRows(database: CatalogDatabase, name: (what: string) => string): Promise<Row[]> {
  const alone = await othersDuring(database, () => sleep(2_000))
  let report = 0
  const besideReport = await othersDuring(database, async () => {
    report = await timed(() => findFindings(database, POLICIES, { visibility: EVERYTHING, now: NOW }))
  })
  let rows = 0
  let exported = 0
  const before = ownMemory()
  let most = before
  const exportTags = async () => {
    rows = 0
    // Asked for with each text, it would take a quarter of the time.
    const sampler = setInterval(() => {
      most = Math.max(most, ownMemory())
    }, 100)
    exported = await timed(async () => {
      for await (const _ of exportText('csv', [...TAG_COLUMNS, labelColumn(LICENSES)], exportPages()))
        await new Promise((resolve) => setImmediate(resolve))
    })
    clearInterval(sampler)
  }
  async function* exportPages() {
    const search = { query: typedQuery(`-label:${LICENSES}`).query, visibility: EVERYTHING, now: NOW } as const
    for await (const tags of readAhead(everyTag(database, { ...search, sort: 'repository' }))) {
      rows += tags.length
      yield tags.map((tag) => exportRow(tag, [LICENSES]))
    }
  }
  await exportTags()
  const rate = rows / (exported / 1_000)
  const besideExport = await othersDuring(database, exportTags)
  const held = monitorEventLoopDelay({ resolution: 5 })
  held.enable()
  const simulation = await timed(async () => {
    const options = { visibility: EVERYTHING, protects: () => () => undefined, now: NOW }
    const { going } = await simulate(database, RETENTION, options)
    if (going === 0) throw new Error('the simulation keeps everything')
  })
  held.disable()
  const twice = { kind: 'ratio', factor: 2 } as const
  return [
    { name: name('policy report'), value: report, unit: 'ms', target: { kind: 'at-most', value: 5_000 } },
    { name: name('others beside the policy report'), value: besideReport, limit: alone, unit: 'ms', target: twice },
    {
      name: name('simulation of retention'),
      value: simulation,
      unit: 'ms',
      target: { kind: 'at-most', value: 10_000 },
    },
    {
      name: name('simulation of retention, longest hold of the event loop'),
      value: held.max / 1e6,
      unit: 'ms',
      target: { kind: 'at-most', value: 50 },
    },
    { name: name('export, tags'), value: rate, unit: 'per s', target: { kind: 'at-least', value: 100_000 } },
    {
      name: name('export, memory grown'),
      value: most - before,
      unit: 'MiB',
      target: { kind: 'at-most', value: 64 },
    },
    { name: name('others beside the export'), value: besideExport, limit: alone, unit: 'ms', target: twice },
  ]
}

const LICENSES = 'org.opencontainers.image.licenses'

/** The 95th percentile of pages that are searched for, one after another, while something else goes on. */
async function othersDuring(database: CatalogDatabase, work: () => Promise<unknown>): Promise<number> {
  let isRunning = true
  const running = work().finally(() => {
    isRunning = false
  })
  const times: number[] = []
  for (let run = 0; isRunning || times.length < RUNS; run++) {
    const search = { query: typedQuery(`team=team-${run % 9}`).query, visibility: EVERYTHING, now: NOW }
    times.push(await timed(() => searchTags(database, { ...search, sort: 'repository', limit: 50 })))
    await sleep(5)
  }
  await running
  return times.toSorted((a, b) => a - b)[Math.floor(times.length * 0.95)] ?? Number.NaN
}

const POLICIES = parsePolicies(
  'policy.yaml',
  `policies:
  - name: ownership
    labels:
      org.opencontainers.image.licenses: { required: true, format: spdx, allow: [Apache-2.0, MIT] }
      team: { required: true }
    forbid: [com.example.key-1]
    maxAge: 900d
    owner: "label:team"
`,
)

const RETENTION: RetentionPolicy = {
  scope: 'repo:**',
  rules: [
    { keep: 'last', count: 10, by: 'created', among: '' },
    { keep: 'newer', amount: 90, unit: 'days', by: 'moved' },
    { keep: 'matching', query: 'tag:latest' },
  ],
}

interface Work {
  readonly what: string
  /** Milliseconds. */
  readonly bound: number
  work(run: number): Promise<void>
}

function works(database: CatalogDatabase, tags: number): Work[] {
  const clock = new SteadyClock(systemClock)
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
      what: 'repository table, a page',
      bound: 20,
      async work(run) {
        const names = Array.from({ length: 50 }, (_, index) => repositoryName((run * 50 + index) % (tags / 100)))
        const rows = await repositoryRows(database, { visibility: EVERYTHING, registry: 'hub', names })
        if (rows.length !== 50) throw new Error(`${rows.length} repositories`)
      },
    },
    {
      // For all who look at the registry, until something in it changes.
      what: 'repository table, all in order',
      bound: 1_000,
      work: async () => {
        await repositorySummaries(database, 'hub')
      },
    },
    ...(['version', 'created', 'size', 'name'] as const).map((sort) => ({
      what: `tag table by ${sort}`,
      bound: 20,
      async work(run: number) {
        const place = { registry: 'hub', repository: repositoryName(run) }
        const query = { sort, direction: 'desc', offset: 0, limit: 100 } as const
        const page = await readTagPage(database.store, clock, place, query)
        if (page?.value.tags.length !== 100) throw new Error(`${page?.value.tags.length} tags`)
      },
    })),
    {
      what: 'facets',
      bound: 150,
      work: async (run) => {
        await searchFacets(database, {
          query: typedQuery(`team=team-${run % 9}`).query,
          visibility: EVERYTHING,
          now: NOW,
        })
      },
    },
    {
      what: 'label keys with counts',
      bound: 50,
      async work() {
        const { keys } = await labelKeys(database, EVERYTHING)
        if (keys.length !== 40) throw new Error(`${keys.length} keys`)
      },
    },
    {
      what: 'label keys with counts, 20 grants',
      bound: 50,
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

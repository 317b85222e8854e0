import { spawnSync } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { startDockerRegistry } from '../../lib/testing/servers/docker-registry.ts'
import { Limit } from './limit.ts'
import { seed } from './seed.ts'
import { machine, meets, printTable, type Row } from './table.ts'

/** `npm run bench [-- --only library,pages,large,load,throughput,access,catalog,sync,browser,rate,copy,change,tools]`: ratios to a perfect client, measured in the same run. */
const GROUPS: Readonly<Record<string, (url: string, limit: Limit) => Promise<Row[]>>> = {
  library: async (url, limit) => (await import('./library-rows.ts')).libraryRows(url, limit),
  rate: async (url) => (await import('./rate-rows.ts')).rateRows(url),
  copy: async () => (await import('./copy-rows.ts')).copyRows(),
  change: async (url, limit) => (await import('./change-rows.ts')).changeRows(url, limit),
  large: async (url) => (await import('./large-rows.ts')).largeRows(url),
  tools: async () => (await import('./tool-rows.ts')).toolRows(),
  load: async (url) => (await import('./load-rows.ts')).loadRows(url),
  pages: async (url, limit) => (await import('./page-rows.ts')).pageRows(url, limit),
  throughput: async (url) => (await import('./throughput-rows.ts')).throughputRows(url),
  access: async () => (await import('./access-rows.ts')).accessRows(),
  catalog: async () => (await import('./catalog-rows.ts')).catalogRows(),
  sync: async (url, limit) => (await import('./sync-rows.ts')).syncRows(url, limit),
  browser: async (url) => (await import('./browser-rows.ts')).browserRows(url),
}

const { values } = parseArgs({ options: { only: { type: 'string' } } })
const wanted = values.only?.split(',') ?? Object.keys(GROUPS)
const unknown = wanted.filter((name) => !(name in GROUPS))
if (unknown.length > 0)
  throw new Error(`no rows named ${unknown.join(', ')}; there are ${Object.keys(GROUPS).join(', ')}`)
process.exit(await main())

async function main(): Promise<number> {
  if (['pages', 'large', 'load', 'throughput', 'browser'].some((name) => wanted.includes(name))) build()
  const storage = await mkdtemp(join(tmpdir(), 'lading-bench-'))
  try {
    console.log(`Before: ${machine()}`)
    await seed(storage)
    await using registry = await startDockerRegistry({ storage, catalogMaxEntries: 10_000 })
    const limit = new Limit(registry.url)
    const rows: Row[] = []
    const broken: string[] = []
    for (const name of wanted) {
      console.log(`Measuring ${name}`)
      try {
        rows.push(...((await GROUPS[name]?.(registry.url, limit)) ?? []))
      } catch (error) {
        console.error(error)
        broken.push(name)
      }
    }
    console.log()
    printTable(rows)
    for (const name of broken) console.log(`The rows of ${name} are missing: measuring them failed`)
    console.log(`\nAfter: ${machine()}`)
    return rows.every(meets) && broken.length === 0 ? 0 : 1
  } finally {
    await rm(storage, { recursive: true, force: true })
  }
}

function build(): void {
  const { status } = spawnSync(process.execPath, ['lib/start/build.ts'], {
    cwd: join(import.meta.dirname, '..', '..'),
    stdio: 'inherit',
  })
  if (status !== 0) throw new Error('the application could not be built')
}

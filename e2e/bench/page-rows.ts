import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Agent, request } from 'undici'
import { type Lading, startLading } from '../../lib/testing/servers/lading.ts'
import type { Limit } from './limit.ts'
import { compare, medianOf, timed } from './measure.ts'
import { MANY, TAGS, tagName } from './seed.ts'
import type { Row } from './table.ts'

const COLD_RUNS = 5
const WARM_RUNS = 15
/** Milliseconds. */
const REST = 1500
const agent = new Agent({ connections: 4, keepAliveTimeout: 60_000 })

const HOME = '/'
export const TAG_PAGE = `/r/bench/${MANY}`
const MANIFEST_PAGE = `/r/bench/${MANY}:${tagName(1)}`

/** Whole pages over HTTP, to their last byte, from the production server. */
export async function pageRows(registryUrl: string, limit: Limit): Promise<Row[]> {
  const rows: Row[] = []
  const cold = async (name: string, path: string, factor: number, perfect: () => Promise<void>) => {
    const measure = () => onNewServer(registryUrl, (lading) => timed(() => open(lading, path)))
    const { product, limit: bound } = await compare(COLD_RUNS, measure, () => timed(perfect))
    rows.push({ name, value: product, unit: 'ms', limit: bound, target: { kind: 'ratio', factor, plus: 60 } })
  }
  await cold('home, cold', HOME, 1.3, () => limit.catalog())
  await cold('first 100 tags, cold', TAG_PAGE, 1.5, () => limit.tags(100))

  rows.push(await restartedRow(registryUrl, limit))

  await using lading = await startLading(environment(registryUrl))
  const warm = async (name: string, path: string, value: number) => {
    const time = await medianOf(WARM_RUNS, () => timed(() => open(lading, path)))
    rows.push({ name, value: time, unit: 'ms', target: { kind: 'at-most', value } })
  }
  await warm('home, warm', HOME, 100)
  await warm('first 100 tags, warm', TAG_PAGE, 100)
  await warm('manifest page, warm', MANIFEST_PAGE, 60)
  return rows
}

/** The table of tags after a restart: the catalog knows what is on each tag, and asks only where it points. */
async function restartedRow(registryUrl: string, limit: Limit): Promise<Row> {
  const data = await mkdtemp(join(tmpdir(), 'lading-bench-data-'))
  try {
    const known = { DATA_DIR: data }
    const fill = async (lading: Lading) => {
      await open(lading, TAG_PAGE)
      // What the page has read is recorded by then.
      await sleep(REST)
      return 0
    }
    await onNewServer(registryUrl, fill, known)
    const measure = () => onNewServer(registryUrl, (lading) => timed(() => open(lading, TAG_PAGE)), known)
    const { product, limit: bound } = await compare(COLD_RUNS, measure, () => timed(() => limit.heads(100)))
    return {
      name: 'first 100 tags, after a restart',
      value: product,
      unit: 'ms',
      limit: bound,
      target: { kind: 'ratio', factor: 1.2, plus: 40 },
    }
  } finally {
    await rm(data, { recursive: true, force: true })
  }
}

export function environment(registryUrl: string): Record<string, string> {
  return { REGISTRY_URL: registryUrl, REGISTRY_NAME: 'bench' }
}

/** The path of a page that shows the first hundred of many tags, and of one image. */
export const BROWSE_PAGES: Readonly<Record<string, string>> = {
  home: HOME,
  [`repository of ${TAGS} tags`]: TAG_PAGE,
  manifest: MANIFEST_PAGE,
}

/**
 * A new process, come to rest: it has listed the registry's repositories, as every start does, and looked at no tag. The
 * framework loads every page's code when it starts, which keeps a processor busy for about a second.
 */
async function onNewServer(
  registryUrl: string,
  work: (lading: Lading) => Promise<number>,
  env: Readonly<Record<string, string>> = {},
): Promise<number> {
  await using lading = await startLading({ ...environment(registryUrl), ...env }, '/sign-in')
  await sleep(REST)
  // Awaited here: the server ends with this scope.
  return await work(lading)
}

async function open(lading: Lading, path: string): Promise<void> {
  const response = await request(lading.url + path, { dispatcher: agent, headers: { accept: 'text/html' } })
  const text = await response.body.text()
  if (response.statusCode !== 200) throw new Error(`${path}: ${response.statusCode} ${text.slice(0, 300)}`)
}

import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { parseRepositoryName, parseTag } from '../../lib/oci/reference.ts'
import { mapConcurrent } from '../../lib/registry/concurrent.ts'
import { createHttpRegistry } from '../../lib/registry/http/http-registry.ts'
import { median, timed } from './measure.ts'
import { MANY, TAGS, tagName } from './seed.ts'
import type { Row } from './table.ts'

const WRK = '/usr/bin/wrk'
const REQUESTS = 5_000
const CONCURRENCY = 16
const RUNS = 3

/** Manifests per second, hashed and parsed, beside what wrk gets without looking at them. */
export async function rateRows(url: string): Promise<Row[]> {
  if (!existsSync(WRK)) {
    console.log('The rate of manifests is not measured: it needs wrk (apt-get install wrk)')
    return []
  }
  const repository = createHttpRegistry({ name: 'bench', url }).repository(parseRepositoryName(MANY))
  const tags = Array.from({ length: REQUESTS }, (_, index) => parseTag(tagName(index % TAGS)))
  const rates: { ours: number[]; wrk: number[] } = { ours: [], wrk: [] }
  for (let run = 0; run < RUNS; run++) {
    rates.wrk.push(await wrkRate(url))
    const time = await timed(() => mapConcurrent(tags, (tag) => repository.manifest(tag), { limit: CONCURRENCY }))
    rates.ours.push((REQUESTS / time) * 1000)
  }
  const name = `library: ${REQUESTS} manifest GETs at ${CONCURRENCY}`
  const target = { kind: 'at-least-ratio', factor: 0.8 } as const
  return [{ name, value: median(rates.ours), unit: 'per s', limit: median(rates.wrk), target }]
}

/** The same paths in the same order. */
async function wrkRate(url: string): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), 'lading-wrk-'))
  const script = join(folder, 'paths.lua')
  await writeFile(
    script,
    `local n = -1
wrk.headers["Accept"] = "application/vnd.oci.image.manifest.v1+json"
request = function()
  n = (n + 1) % ${TAGS}
  return wrk.format("GET", string.format("/v2/${MANY}/manifests/1.%04d", n))
end
`,
  )
  const { stdout } = await promisify(execFile)(WRK, [
    '-t',
    '1',
    '-c',
    String(CONCURRENCY),
    '-d',
    '2s',
    '-s',
    script,
    url,
  ])
  await rm(folder, { recursive: true })
  if (/Non-2xx/.test(stdout)) throw new Error(`wrk: ${stdout}`)
  return Number(/Requests\/sec:\s+([\d.]+)/.exec(stdout)?.[1])
}

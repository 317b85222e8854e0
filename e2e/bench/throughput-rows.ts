import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { promisify } from 'node:util'
import { startLading } from '../../lib/testing/servers/lading.ts'
import { BROWSE_PAGES, environment, TAG_PAGE } from './page-rows.ts'
import type { Row } from './table.ts'

const WRK = '/usr/bin/wrk'
const CONNECTIONS = 8
const SECONDS = 8

/** What a page weighs, and how many of them the server renders in a second when eight readers never pause. */
export async function throughputRows(registryUrl: string): Promise<Row[]> {
  await using lading = await startLading(environment(registryUrl))
  const rows: Row[] = [
    {
      name: 'HTML of 100 tags',
      value: (await htmlBytes(lading.url + TAG_PAGE)) / 1000,
      unit: 'KB',
      target: { kind: 'at-most', value: 300 },
    },
  ]
  if (!existsSync(WRK)) {
    console.log('Throughput is not measured: it needs wrk (apt-get install wrk)')
    return rows
  }
  for (const [name, path] of Object.entries(BROWSE_PAGES))
    rows.push({
      name: `throughput, ${name}`,
      value: await pagesPerSecond(lading.url + path),
      unit: 'per s',
      target: { kind: 'at-least', value: 50 },
    })
  return rows
}

/** Bytes before compression. */
async function htmlBytes(url: string): Promise<number> {
  // The second view: the first may stream its rows, as the registry has yet to answer.
  await (await fetch(url)).arrayBuffer()
  return (await (await fetch(url)).arrayBuffer()).byteLength
}

/** @throws if any answer is not a page: an error page is rendered faster than what was asked for */
async function pagesPerSecond(url: string): Promise<number> {
  const { stdout } = await promisify(execFile)(WRK, ['-t', '1', '-c', `${CONNECTIONS}`, '-d', `${SECONDS}s`, url])
  if (/Non-2xx|Socket errors/.test(stdout)) throw new Error(`wrk ${url}: ${stdout}`)
  return Number(/Requests\/sec:\s+([\d.]+)/.exec(stdout)?.[1])
}

import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { copyImage } from '../../lib/image/copy/copy.ts'
import { parseRepositoryName, parseTag } from '../../lib/oci/reference.ts'
import { createHttpRegistry } from '../../lib/registry/http/http-registry.ts'
import { type DockerRegistry, startDockerRegistry } from '../../lib/testing/servers/docker-registry.ts'
import { call, type PushedImage, pushImage } from '../../lib/testing/servers/images.ts'
import { skopeoCopy } from '../../lib/testing/servers/skopeo.ts'
import { type BigImage, pushBigImage } from './big-image.ts'
import { doOnce } from './do-once.ts'
import { inLanes } from './limit.ts'
import { compare, median, timed } from './measure.ts'
import type { Row } from './table.ts'

const run = promisify(execFile)
const RUNS = 3
const BIG = 'big/image'
const ZIPPED = 'zipped/image'
const HUGE = 'huge/image'

/** Moving whole images: between registries, into archives, into one tar; and the memory that takes. */
export async function copyRows(): Promise<Row[]> {
  await using source = await startDockerRegistry()
  const big = await pushBigImage(source.url, BIG, { layers: 5, mebibytes: 100 })
  const zipped = await pushBigImage(source.url, ZIPPED, { layers: 4, mebibytes: 64, gzip: true })
  await pushBigImage(source.url, HUGE, { layers: 4, mebibytes: 512 })
  return [
    await mountRow(source),
    ...(await copyToOtherRegistry(source, big)),
    await archiveRow(source, big),
    await flattenRow(source, zipped),
    ...(await memoryRows(source)),
  ]
}

/** An image of ten layers to other repositories of its registry. */
async function mountRow(registry: DockerRegistry): Promise<Row> {
  const layers = Array.from({ length: 10 }, (_, index) => ({ [`file-${index}`]: `content ${index}` }))
  const image = await pushImage(registry.url, 'copy/source', ['1'], { layers })
  const ours = createHttpRegistry({ name: 'bench', url: registry.url })
  const from = { repository: ours.repository(parseRepositoryName('copy/source')), reference: parseTag('1') }
  const times = await compare(
    15,
    (n) => {
      const to = { repository: ours.repository(parseRepositoryName(`copy/ours-${n}`)), reference: parseTag('1') }
      return timed(() => copyImage(from, to))
    },
    (n) => timed(() => perfectMounts(registry.url, image, `copy/limit-${n}`)),
  )
  const name = 'library: copy of 10 layers within a registry'
  return { name, value: times.product, unit: 'ms', limit: times.limit, target: { kind: 'ratio', factor: 1.5 } }
}

async function perfectMounts(url: string, image: PushedImage, repository: string): Promise<void> {
  const { body } = await call(url, 'GET', '/v2/copy/source/manifests/1', [200], { accept: image.mediaType })
  await inLanes([image.config, ...image.layers], async ({ digest }) => {
    await call(url, 'POST', `/v2/${repository}/blobs/uploads/?mount=${digest}&from=copy/source`, [201])
  })
  await call(url, 'PUT', `/v2/${repository}/manifests/1`, [201], { 'content-type': image.mediaType }, body)
}

/** Against curl piped into curl, every layer at once, and against skopeo. */
async function copyToOtherRegistry(source: DockerRegistry, image: BigImage): Promise<Row[]> {
  const times: { ours: number[]; curl: number[]; skopeo: number[] } = { ours: [], curl: [], skopeo: [] }
  for (let n = 0; n < RUNS; n++) {
    // A new one each time: skopeo remembers which registry has which layer.
    await using target = await startDockerRegistry()
    times.curl.push(await timed(() => curlCopy(source, target, image.layers)))
    times.ours.push((await doOnce('copy', source.url, `${BIG}:1`, target.url, 'by/us:1')).ms)
    const [from, to] = [`docker://${source.host}/${BIG}:1`, `docker://${target.host}/by/skopeo:1`]
    times.skopeo.push(await timed(() => skopeoCopy(from, to)))
  }
  const rate = (values: readonly number[]) => megabytesPerSecond(image.stored, median(values))
  const row = (limit: readonly number[], versus: string, factor: number): Row => {
    const name = `library: copy of 500 MiB to another registry, against ${versus}`
    return {
      name,
      value: rate(times.ours),
      unit: 'MB/s',
      limit: rate(limit),
      target: { kind: 'at-least-ratio', factor },
    }
  }
  return [row(times.curl, 'curl', 0.8), row(times.skopeo, 'skopeo', 1)]
}

async function curlCopy(source: DockerRegistry, target: DockerRegistry, digests: readonly string[]): Promise<void> {
  await Promise.all(
    digests.map(async (digest) => {
      const { headers } = await call(target.url, 'POST', '/v2/by/curl/blobs/uploads/', [202])
      const up = `curl -sf -X PUT -T - -H 'Content-Type: application/octet-stream' '${headers.location}&digest=${digest}'`
      await shell(`curl -sf '${source.url}/v2/${BIG}/blobs/${digest}' | ${up}`)
    }),
  )
}

/** A `docker save` archive against the same blobs by curl, one after the other. */
async function archiveRow(source: DockerRegistry, image: BigImage): Promise<Row> {
  const times = await compare(
    RUNS,
    async () => (await doOnce('archive', source.url, `${BIG}:1`)).ms,
    () => timed(() => fetchAll(source, BIG, image.layers, 'cat')),
  )
  return rateRow('library: archive of 500 MiB, against raw blobs', image.stored, times)
}

/** The flattened file system against curl piped into gunzip, one layer after the other. */
async function flattenRow(source: DockerRegistry, image: BigImage): Promise<Row> {
  const times = await compare(
    RUNS,
    async () => (await doOnce('flatten', source.url, `${ZIPPED}:1`)).ms,
    () => timed(() => fetchAll(source, ZIPPED, image.layers, 'gunzip')),
  )
  return rateRow('library: flattening of gzip layers, against gunzip', image.unpacked, times)
}

async function fetchAll(
  source: DockerRegistry,
  repository: string,
  digests: readonly string[],
  filter: string,
): Promise<void> {
  for (const digest of digests)
    await shell(`curl -sf '${source.url}/v2/${repository}/blobs/${digest}' | ${filter} >/dev/null`)
}

async function memoryRows(source: DockerRegistry): Promise<Row[]> {
  await using target = await startDockerRegistry()
  const folder = await mkdtemp(join(tmpdir(), 'lading-archive-'))
  const archive = join(folder, 'archive.tar')
  const image = `${HUGE}:1`
  const works: Readonly<Record<string, readonly string[]>> = {
    copied: ['copy', source.url, image, target.url, 'by/us:1'],
    exported: ['archive', source.url, image, archive],
    imported: ['load', target.url, 'loaded/image:1', archive],
    flattened: ['flatten', source.url, image],
  }
  const rows: Row[] = []
  for (const [done, args] of Object.entries(works)) {
    const { grownMiB } = await doOnce(...args)
    const name = `library: memory grown while 2 GiB are ${done}`
    rows.push({ name, value: grownMiB, unit: 'MiB', target: { kind: 'at-most', value: 64 } })
  }
  await rm(folder, { recursive: true })
  return rows
}

function rateRow(name: string, bytes: number, times: { product: number; limit: number }): Row {
  const [value, limit] = [megabytesPerSecond(bytes, times.product), megabytesPerSecond(bytes, times.limit)]
  return { name, value, unit: 'MB/s', limit, target: { kind: 'at-least-ratio', factor: 0.8 } }
}

function megabytesPerSecond(bytes: number, ms: number): number {
  return bytes / 1e6 / (ms / 1000)
}

async function shell(command: string): Promise<void> {
  await run('/bin/bash', ['-o', 'pipefail', '-c', command])
}

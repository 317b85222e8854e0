import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { z } from 'zod'
import { copyImage } from '../../lib/image/copy.ts'
import { parseRepositoryName, parseTag } from '../../lib/oci/reference.ts'
import { createHttpRegistry } from '../../lib/registry/http/http-registry.ts'
import { type DockerRegistry, startDockerRegistry } from '../servers/docker-registry.ts'
import { call, type PushedImage, pushImage } from '../servers/images.ts'
import { skopeoCopy } from '../servers/skopeo.ts'
import { pushBigImage } from './big-image.ts'
import { inLanes } from './limit.ts'
import { compare, median, timed } from './measure.ts'
import type { Row } from './table.ts'

const run = promisify(execFile)
const OUTCOME = z.object({ ms: z.number(), grownMiB: z.number() })
/** Five layers of 100 MiB. */
const LAYERS = 5
const LAYER_MIB = 100

export async function copyRows(): Promise<Row[]> {
  await using source = await startDockerRegistry()
  return [await mountRow(source), ...(await streamRows(source)), await memoryRow(source)]
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
      return timed(() => copyImage(from, to, {}))
    },
    (n) => timed(() => perfectMounts(registry.url, image, `copy/limit-${n}`)),
  )
  const target = { kind: 'ratio', factor: 1.5 } as const
  return {
    name: 'library: copy of 10 layers within a registry',
    value: times.product,
    unit: 'ms',
    limit: times.limit,
    target,
  }
}

async function perfectMounts(url: string, image: PushedImage, repository: string): Promise<void> {
  const accept = { accept: image.mediaType }
  const { body } = await call(url, 'GET', '/v2/copy/source/manifests/1', [200], accept)
  await inLanes([image.config, ...image.layers], async ({ digest }) => {
    await call(url, 'POST', `/v2/${repository}/blobs/uploads/?mount=${digest}&from=copy/source`, [201])
  })
  await call(url, 'PUT', `/v2/${repository}/manifests/1`, [201], { 'content-type': image.mediaType }, body)
}

/** Between registries, against curl piped into curl (every layer at once) and against skopeo. */
async function streamRows(source: DockerRegistry): Promise<Row[]> {
  await pushImage(source.url, 'warm/up', ['1'])
  const digests = await pushBigImage(source.url, 'big/image', '1', LAYERS, LAYER_MIB)
  const megabytes = (LAYERS * LAYER_MIB * (1 << 20)) / 1e6
  const rates: { ours: number[]; curl: number[]; skopeo: number[] } = { ours: [], curl: [], skopeo: [] }
  for (let n = 0; n < 3; n++) {
    // A new one each time: skopeo remembers which registry has which layer.
    await using target = await startDockerRegistry()
    const rate = (ms: number) => megabytes / (ms / 1000)
    rates.curl.push(rate(await timed(() => curlCopy(source, target, digests, 'by/curl'))))
    rates.ours.push(rate((await copyOnce(source, 'big/image:1', target, 'by/us:1')).ms))
    const [from, to] = [`docker://${source.host}/big/image:1`, `docker://${target.host}/by/skopeo:1`]
    rates.skopeo.push(rate(await timed(() => skopeoCopy(from, to))))
  }
  const [ours, curl, skopeo] = [median(rates.ours), median(rates.curl), median(rates.skopeo)]
  const name = `library: copy of ${LAYERS * LAYER_MIB} MiB to another registry`
  const row = (limit: number, versus: string, factor: number): Row => {
    return {
      name: `${name}, against ${versus}`,
      value: ours,
      unit: 'MB/s',
      limit,
      target: { kind: 'at-least-ratio', factor },
    }
  }
  return [row(curl, 'curl', 0.8), row(skopeo, 'skopeo', 1)]
}

async function curlCopy(
  source: DockerRegistry,
  target: DockerRegistry,
  digests: readonly string[],
  to: string,
): Promise<void> {
  await Promise.all(
    digests.map(async (digest) => {
      const { headers } = await call(target.url, 'POST', `/v2/${to}/blobs/uploads/`, [202])
      const down = `curl -sf '${source.url}/v2/big/image/blobs/${digest}'`
      const up = `curl -sf -X PUT -T - -H 'Content-Type: application/octet-stream' '${headers.location}&digest=${digest}'`
      await run('/bin/bash', ['-o', 'pipefail', '-c', `${down} | ${up}`])
    }),
  )
}

async function memoryRow(source: DockerRegistry): Promise<Row> {
  await using target = await startDockerRegistry()
  await pushBigImage(source.url, 'huge/image', '1', 4, 512)
  const { grownMiB } = await copyOnce(source, 'huge/image:1', target, 'ours/huge:1')
  return {
    name: 'library: memory grown while 2 GiB are copied',
    value: grownMiB,
    unit: 'MiB',
    target: { kind: 'at-most', value: 64 },
  }
}

async function copyOnce(source: DockerRegistry, from: string, target: DockerRegistry, to: string) {
  const script = join(import.meta.dirname, 'copy-once.ts')
  const { stdout } = await run(process.execPath, [script, source.url, from, target.url, to])
  return OUTCOME.parse(JSON.parse(stdout))
}

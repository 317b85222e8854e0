import { Agent, request } from 'undici'
import { pushBlob, pushManifest } from '../../lib/testing/servers/images.ts'
import { startLading } from '../../lib/testing/servers/lading.ts'
import { medianOf, timed } from './measure.ts'
import { environment } from './page-rows.ts'
import type { Row } from './table.ts'

const RUNS = 5
const REPOSITORY = 'bench/large'
const MANIFEST = 'application/vnd.oci.image.manifest.v1+json'
const INDEX = 'application/vnd.oci.image.index.v1+json'
const CONFIG = 'application/vnd.oci.image.config.v1+json'
const agent = new Agent({ connections: 4, keepAliveTimeout: 60_000 })

/** Issue 8, B2. */
const TIME = 300
const KILOBYTES = 1024
const OTHERS = 200

/** Documents as large as registries take them: each page's time and size, and another page's time meanwhile. */
export async function largeRows(registryUrl: string): Promise<Row[]> {
  await pushLarge(registryUrl)
  await using lading = await startLading(environment(registryUrl))
  const place = `/r/bench/${REPOSITORY}`
  const side = `bench/${REPOSITORY}`
  const pages: readonly (readonly [name: string, path: string])[] = [
    ['100,000 labels', `${place}:labels-1?tab=labels`],
    ['100,000 labels, overview', `${place}:labels-1`],
    ['100,000 labels, compared', `/diff?a=${side}:labels-1&b=${side}:labels-2`],
    ['50,000 steps', `${place}:layers-1?tab=layers`],
    ['50,000 steps, raw', `${place}:layers-1?tab=raw`],
    ['50,000 steps, compared', `/diff?a=${side}:layers-1&b=${side}:layers-2`],
    ['index of 5,000', `${place}:index`],
  ]
  const rows: Row[] = []
  for (const [name, path] of pages) {
    let bytes = 0
    const open = async () => {
      bytes = await sizeOf(lading.url + path)
    }
    await open()
    rows.push(row(`${name}: page`, await medianOf(RUNS, () => timed(open)), 'ms', TIME))
    rows.push(row(`${name}: HTML`, bytes / 1024, 'KB', KILOBYTES))
    const other = async () => {
      const large = open()
      const time = await timed(() => sizeOf(`${lading.url}/`))
      await large
      return time
    }
    rows.push(row(`${name}: another page meanwhile`, await medianOf(RUNS, other), 'ms', OTHERS))
  }
  return rows
}

function row(name: string, value: number, unit: Row['unit'], most: number): Row {
  return { name, value, unit, target: { kind: 'at-most', value: most } }
}

async function sizeOf(url: string): Promise<number> {
  const { statusCode, body } = await request(url, { dispatcher: agent, headers: { accept: 'text/html' } })
  const bytes = (await body.arrayBuffer()).byteLength
  if (statusCode !== 200) throw new Error(`${url}: ${statusCode}`)
  return bytes
}

async function pushLarge(url: string): Promise<void> {
  const layer = { mediaType: 'application/vnd.oci.image.layer.v1.tar', ...(await pushed(url, 'a layer')) }
  for (const version of ['1', '2']) {
    const labels = numbered(100_000, (index) => [`com.example.label.${index}`, `value ${index} of ${version}`])
    await pushImage(url, `labels-${version}`, { Labels: Object.fromEntries(labels) }, [layer])
    // Registries stop at manifests of 4 MiB, configs may be larger: 50,000 steps, 16,000 of them with the same small layer.
    const history = numbered(50_000, (index) => ({
      created_by: `RUN step ${index} of ${version}`,
      empty_layer: index % 3 > 0,
    }))
    await pushImage(
      url,
      `layers-${version}`,
      {},
      numbered(16_000, () => layer),
      history,
    )
  }
  const children = numbered(5_000, (index) => index)
  const config = await pushed(
    url,
    JSON.stringify({ os: 'linux', architecture: 'amd64', rootfs: { type: 'layers', diff_ids: [] } }),
  )
  const child = { schemaVersion: 2, mediaType: MANIFEST, config: { mediaType: CONFIG, ...config }, layers: [layer] }
  const { digest, size } = await pushManifest(url, REPOSITORY, [], MANIFEST, child)
  await pushManifest(url, REPOSITORY, ['index'], INDEX, {
    schemaVersion: 2,
    mediaType: INDEX,
    manifests: children.map((index) => ({
      mediaType: MANIFEST,
      digest,
      size,
      platform: { os: 'linux', architecture: `arch${index}` },
    })),
  })
}

async function pushImage(
  url: string,
  tag: string,
  config: object,
  layers: readonly object[],
  history: readonly object[] = [],
): Promise<void> {
  const document = { os: 'linux', architecture: 'amd64', config, history, rootfs: { type: 'layers', diff_ids: [] } }
  await pushManifest(url, REPOSITORY, [tag], MANIFEST, {
    schemaVersion: 2,
    mediaType: MANIFEST,
    config: { mediaType: CONFIG, ...(await pushed(url, JSON.stringify(document))) },
    layers,
  })
}

async function pushed(url: string, content: string) {
  const { digest, size } = await pushBlob(url, REPOSITORY, Buffer.from(content))
  return { digest, size }
}

function numbered<T>(count: number, make: (index: number) => T): T[] {
  return Array.from({ length: count }, (_, index) => make(index))
}

import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { sha256, tarOf } from '../../lib/testing/servers/images.ts'

export const REPOSITORIES = 5_000
export const NAMESPACES = 200
export const TAGS = 2_000
const FEW_TAGS = ['1.0', '1', '2']
/** Of every small repository. */
const SERVICE_TAGS = ['latest', '1', '1.0']
/** Of all repositories together. */
export const SEEDED_TAGS = TAGS + FEW_TAGS.length + (REPOSITORIES - 2) * SERVICE_TAGS.length
export const IMAGES = 200
/** The repository with many tags. */
export const MANY = 'bench/many'
/** The repository that retagging and deleting work in. */
export const FEW = 'bench/few'

const MANIFEST = 'application/vnd.oci.image.manifest.v1+json'
const CONFIG = 'application/vnd.oci.image.config.v1+json'
const LAYER = 'application/vnd.oci.image.layer.v1.tar+gzip'

interface Blob {
  readonly mediaType: string
  readonly digest: string
  readonly size: number
}

interface SeededImage {
  readonly manifest: Blob
  readonly config: Blob
}

/**
 * Writes what distribution's file system driver would have written: seconds, where pushing takes minutes.
 * Tags of `bench/many` are `1.0000` … `1.1999`, tag n on image n modulo 200.
 */
export async function seed(storage: string): Promise<void> {
  const root = join(storage, 'docker', 'registry', 'v2')
  const layer = await writeLayer(root)
  const images = Array.from({ length: IMAGES }, (_, index) => writeImage(root, layer, index))
  const [first] = images
  if (!first) throw new Error('no image to seed with')
  const tags = new Map(Array.from({ length: TAGS }, (_, index) => [tagName(index), images[index % IMAGES] ?? first]))
  writeRepository(root, MANY, layer, tags)
  writeRepository(root, FEW, layer, new Map(FEW_TAGS.map((tag) => [tag, tag === '2' ? (images[1] ?? first) : first])))
  const tagged = new Map(SERVICE_TAGS.map((tag) => [tag, first]))
  for (let index = 0; index < REPOSITORIES - 2; index++) {
    const namespace = String(index % NAMESPACES).padStart(3, '0')
    writeRepository(
      root,
      `team-${namespace}/service-${String(Math.floor(index / NAMESPACES)).padStart(2, '0')}`,
      layer,
      tagged,
    )
  }
}

/** Writes one repository of `count` tags, tag n on image n modulo `images`. */
export async function seedTags(
  storage: string,
  name: string,
  { count, tag, images = IMAGES }: { count: number; tag: (index: number) => string; images?: number },
): Promise<void> {
  const root = join(storage, 'docker', 'registry', 'v2')
  const layer = await writeLayer(root)
  const all = Array.from({ length: images }, (_, index) => writeImage(root, layer, index))
  const tags = Array.from({ length: count }, (_, index) => [tag(index), all[index % images] as SeededImage] as const)
  writeRepository(root, name, layer, new Map(tags))
}

export function tagName(index: number): string {
  return `1.${String(index).padStart(4, '0')}`
}

async function writeLayer(root: string): Promise<Blob> {
  return writeBlob(root, LAYER, gzipSync(await tarOf({ 'etc/os-release': 'NAME="Lading bench"\n' })))
}

function writeImage(root: string, layer: Blob, index: number): SeededImage {
  const Labels = Object.fromEntries(
    Array.from({ length: 10 }, (_, n) => [`com.example.label-${n}`, `value ${index} of ${n}`]),
  )
  const created = new Date(Date.UTC(2025, 0, 1) + index * 3_600_000).toISOString()
  const config = writeBlob(
    root,
    CONFIG,
    Buffer.from(
      JSON.stringify({
        created,
        os: 'linux',
        architecture: 'amd64',
        config: { Labels, Env: ['PATH=/bin', `BUILD=${index}`], Cmd: ['/app'] },
        rootfs: { type: 'layers', diff_ids: [layer.digest] },
        history: [{ created, created_by: 'COPY . /app # buildkit' }],
      }),
    ),
  )
  const document = { schemaVersion: 2, mediaType: MANIFEST, config, layers: [layer] }
  return { config, manifest: writeBlob(root, MANIFEST, Buffer.from(JSON.stringify(document))) }
}

function writeBlob(root: string, mediaType: string, bytes: Buffer): Blob {
  const digest = sha256(bytes)
  const hex = digest.slice('sha256:'.length)
  const folder = join(root, 'blobs', 'sha256', hex.slice(0, 2), hex)
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'data'), bytes)
  return { mediaType, digest, size: bytes.length }
}

function writeRepository(root: string, name: string, layer: Blob, tags: ReadonlyMap<string, SeededImage>): void {
  const folder = join(root, 'repositories', name)
  const link = (path: string, digest: string) => {
    mkdirSync(join(folder, path), { recursive: true })
    writeFileSync(join(folder, path, 'link'), digest)
  }
  const hexPath = (digest: string) => digest.replace(':', '/')
  const images = new Set(tags.values())
  for (const { digest } of [layer, ...Array.from(images, ({ config }) => config)])
    link(`_layers/${hexPath(digest)}`, digest)
  for (const { manifest } of images) link(`_manifests/revisions/${hexPath(manifest.digest)}`, manifest.digest)
  for (const [tag, { manifest }] of tags) {
    link(`_manifests/tags/${tag}/current`, manifest.digest)
    link(`_manifests/tags/${tag}/index/${hexPath(manifest.digest)}`, manifest.digest)
  }
}

import { createHash } from 'node:crypto'
import { realpathSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { pipeline, Readable } from 'node:stream'
import { createGzip } from 'node:zlib'
import { encodeTarHeader } from '../oci/encode-tar-header.ts'
import { parseRepositoryName, parseTag } from '../oci/reference.ts'
import { createLayout } from '../registry/layout/create-layout.ts'
import { createLayoutRegistry } from '../registry/layout/layout-registry.ts'
import type { Repository } from '../registry/registry.ts'
import { ensureBuild } from './build.ts'
import { contentOf, folderFiles, type ImageFile, systemFiles, USER } from './image-files.ts'

const ROOT = join(import.meta.dirname, '..', '..')
const MANIFEST = 'application/vnd.oci.image.manifest.v1+json'
const CONFIG = 'application/vnd.oci.image.config.v1+json'
const LAYER = 'application/vnd.oci.image.layer.v1.tar+gzip'
const ARCHITECTURES: Readonly<Record<string, string>> = { x64: 'amd64', arm64: 'arm64' }

/**
 * `npm run image [folder [tag]]`: writes Lading's own image into an OCI layout, without a container engine or a base
 * image. It holds the standalone build, this Node and the libraries that it needs, and is the same bytes every time.
 */
async function writeImage(folder: string, tag: string): Promise<string> {
  if (!(await ensureBuild({ ...process.env, LADING_STANDALONE: '1' }))) throw new Error('the build failed')
  await createLayout(resolve(folder))
  const repository = createLayoutRegistry({ name: 'image', path: resolve(folder) }).repository(
    parseRepositoryName('lading'),
  )
  const layers = [
    await pushLayer(
      repository,
      'Node, its libraries and certificates',
      await systemFiles(realpathSync(process.execPath)),
    ),
    await pushLayer(repository, 'Lading', folderFiles(join(ROOT, '.next', 'standalone'), 'app')),
  ]
  const config = Buffer.from(JSON.stringify(imageConfig(layers)))
  const { digest } = await repository.putBlob(config)
  const manifest = {
    schemaVersion: 2,
    mediaType: MANIFEST,
    config: { mediaType: CONFIG, digest, size: config.length },
    layers: layers.map(({ diffId: _, createdBy: __, ...layer }) => ({ mediaType: LAYER, ...layer })),
  }
  const bytes = Buffer.from(JSON.stringify(manifest))
  const put = await repository.putManifest(parseTag(tag), { mediaType: MANIFEST, bytes })
  const size = layers.reduce((sum, layer) => sum + layer.size, config.length)
  return `lading:${tag} in ${folder}: ${put.digest}, ${(size / 1e6).toFixed(1)} MB to pull`
}

interface PushedLayer {
  readonly digest: string
  readonly size: number
  readonly diffId: string
  readonly createdBy: string
}

async function pushLayer(repository: Repository, createdBy: string, files: readonly ImageFile[]): Promise<PushedLayer> {
  const hash = createHash('sha256')
  const gzip = pipeline(Readable.from(tarOf(files, hash)), createGzip({ level: 6 }), () => {})
  const { digest, size } = await repository.putBlob(gzip)
  return { digest, size, diffId: `sha256:${hash.digest('hex')}`, createdBy }
}

async function* tarOf(files: readonly ImageFile[], hash: ReturnType<typeof createHash>): AsyncGenerator<Uint8Array> {
  for (const file of files) {
    const content = contentOf(file)
    const { path, type, mode, owner, linkPath } = file
    const padding = Buffer.alloc((512 - (content.length % 512)) % 512)
    for (const part of [
      encodeTarHeader({ path, type, mode, owner, linkPath, size: content.length }),
      content,
      padding,
    ]) {
      hash.update(part)
      yield part
    }
  }
  const end = Buffer.alloc(1024)
  hash.update(end)
  yield end
}

/** As in the Dockerfile. */
function imageConfig(layers: readonly PushedLayer[]) {
  const { BASE_PATH = '', SOURCE_DATE_EPOCH = '0' } = process.env
  const created = new Date(Number(SOURCE_DATE_EPOCH) * 1000).toISOString()
  return {
    architecture: ARCHITECTURES[process.arch] ?? process.arch,
    os: 'linux',
    created,
    config: {
      User: `${USER}:${USER}`,
      WorkingDir: '/app',
      Entrypoint: ['/usr/local/bin/node', 'lading.mjs'],
      Env: [
        'PATH=/usr/local/bin',
        'NODE_ENV=production',
        'HOST=0.0.0.0',
        'PORT=3000',
        'DATA_DIR=/data',
        `BASE_PATH=${BASE_PATH}`,
        'NODE_OPTIONS=--max-semi-space-size=4',
      ],
      ExposedPorts: { '3000/tcp': {} },
      Volumes: { '/data': {} },
      // In nanoseconds. Docker reads it also from OCI configs; other engines have probes of their own.
      Healthcheck: {
        Test: ['CMD', '/usr/local/bin/node', 'healthcheck.mjs'],
        Interval: 30e9,
        Timeout: 5e9,
        StartPeriod: 20e9,
      },
      Labels: {
        'org.opencontainers.image.title': 'Lading',
        'org.opencontainers.image.description': 'A fast, safe browser for container registries and OCI image layouts',
      },
    },
    rootfs: { type: 'layers', diff_ids: layers.map(({ diffId }) => diffId) },
    history: layers.map(({ createdBy }) => ({ created, created_by: createdBy })),
  }
}

const [folder = 'lading-image', tag = 'latest'] = process.argv.slice(2)
console.log(await writeImage(folder, tag))

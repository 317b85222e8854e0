import { createHash } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import { packTar, type TarEntry } from 'modern-tar'
import { Agent, request } from 'undici'

/**
 * Builders of small images, pushed by plain HTTP. They share nothing with `lib/` on purpose: what the tests compare
 * Lading with must not come from Lading.
 */

/** Where to push: a registry's URL, and headers for registries that want credentials. */
export interface Target {
  readonly url: string
  readonly headers?: Readonly<Record<string, string>>
  /** PEM of the authority of a https registry. */
  readonly ca?: string
}

export interface Pushed {
  readonly digest: string
  readonly mediaType: string
  readonly size: number
  readonly bytes: Buffer
}

export interface PushedImage extends Pushed {
  readonly config: Pushed
  readonly layers: readonly Pushed[]
}

export interface PushedPlatform {
  readonly os: string
  readonly architecture: string
  readonly variant?: string
}

/** Files of a layer by path; `null` is a whiteout of that path. */
export type LayerFiles = Readonly<Record<string, string | Uint8Array | null>>

export interface ImageOptions {
  readonly layers?: readonly LayerFiles[]
  readonly labels?: Readonly<Record<string, string>>
  readonly platform?: PushedPlatform
  /** Media types of `oci` (default) or Docker schema 2. */
  readonly mediaTypes?: 'oci' | 'docker'
  readonly annotations?: Readonly<Record<string, string>>
  readonly subject?: Pushed
  /** Merged into the image's config document: `{ config: { Env: […] }, history: […] }`. */
  readonly config?: Readonly<Record<string, unknown>>
  /** ISO time. */
  readonly created?: string
}

const TYPES = {
  oci: {
    manifest: 'application/vnd.oci.image.manifest.v1+json',
    index: 'application/vnd.oci.image.index.v1+json',
    config: 'application/vnd.oci.image.config.v1+json',
    layer: 'application/vnd.oci.image.layer.v1.tar+gzip',
  },
  docker: {
    manifest: 'application/vnd.docker.distribution.manifest.v2+json',
    index: 'application/vnd.docker.distribution.manifest.list.v2+json',
    config: 'application/vnd.docker.container.image.v1+json',
    layer: 'application/vnd.docker.image.rootfs.diff.tar.gzip',
  },
} as const

/** Pushes an image of real gzip tar layers under `tags`, or by digest without them. */
export async function pushImage(
  target: Target | string,
  repository: string,
  tags: readonly string[],
  options: ImageOptions = {},
): Promise<PushedImage> {
  const types = TYPES[options.mediaTypes ?? 'oci']
  const platform = options.platform ?? { os: 'linux', architecture: 'amd64' }
  const files = options.layers ?? [
    { 'etc/os-release': 'NAME="Lading test"\n' },
    { 'app/hello.txt': `hello from ${repository}\n` },
  ]
  const tars = await Promise.all(files.map(tarOf))
  const created = options.created ?? '2026-01-02T03:04:05Z'
  const { config: containerConfig, ...document } = options.config ?? {}
  const config = Buffer.from(
    JSON.stringify({
      created,
      ...platform,
      config: {
        ...(options.labels && { Labels: options.labels }),
        ...(isObject(containerConfig) ? containerConfig : {}),
      },
      rootfs: { type: 'layers', diff_ids: tars.map(sha256) },
      history: tars.map((_, index) => ({ created, created_by: `COPY step ${index + 1} # buildkit` })),
      ...document,
    }),
  )
  const layers = await Promise.all(
    tars.map((tar) => pushBlob(target, repository, gzipSync(tar, { level: 6 }), types.layer)),
  )
  const pushedConfig = await pushBlob(target, repository, config, types.config)
  const manifest = await pushManifest(target, repository, tags, types.manifest, {
    schemaVersion: 2,
    mediaType: types.manifest,
    config: descriptor(pushedConfig),
    layers: layers.map((layer) => descriptor(layer)),
    ...(options.annotations && { annotations: options.annotations }),
    ...(options.subject && { subject: descriptor(options.subject) }),
  })
  return { ...manifest, config: pushedConfig, layers }
}

export interface IndexEntry {
  readonly manifest: Pushed
  readonly platform?: PushedPlatform
  readonly annotations?: Readonly<Record<string, string>>
  readonly artifactType?: string
}

/** Pushes an index (or Docker manifest list) of manifests that exist already. */
export function pushIndex(
  target: Target | string,
  repository: string,
  tags: readonly string[],
  entries: readonly IndexEntry[],
  options: Pick<ImageOptions, 'mediaTypes' | 'annotations' | 'subject'> = {},
): Promise<Pushed> {
  const mediaType = TYPES[options.mediaTypes ?? 'oci'].index
  return pushManifest(target, repository, tags, mediaType, {
    schemaVersion: 2,
    mediaType,
    manifests: entries.map(({ manifest, ...rest }) => ({ ...descriptor(manifest), ...rest })),
    ...(options.annotations && { annotations: options.annotations }),
    ...(options.subject && { subject: descriptor(options.subject) }),
  })
}

/** Pushes an artifact packaged as an OCI manifest with the empty config (image-spec 1.1). */
export async function pushArtifact(
  target: Target | string,
  repository: string,
  tags: readonly string[],
  artifactType: string,
  blobs: readonly { readonly content: string | Uint8Array; readonly mediaType: string; readonly title?: string }[],
  options: {
    annotations?: Readonly<Record<string, string>>
    subject?: Pushed
    config?: { mediaType: string; content: string }
  } = {},
): Promise<Pushed> {
  const empty = options.config ?? { mediaType: 'application/vnd.oci.empty.v1+json', content: '{}' }
  const config = await pushBlob(target, repository, Buffer.from(empty.content), empty.mediaType)
  const layers = await Promise.all(
    blobs.map(async ({ content, mediaType, title }) => ({
      ...descriptor(await pushBlob(target, repository, Buffer.from(content), mediaType)),
      ...(title && { annotations: { 'org.opencontainers.image.title': title } }),
    })),
  )
  return pushManifest(target, repository, tags, TYPES.oci.manifest, {
    schemaVersion: 2,
    mediaType: TYPES.oci.manifest,
    artifactType,
    config: descriptor(config),
    layers,
    ...(options.annotations && { annotations: options.annotations }),
    ...(options.subject && { subject: descriptor(options.subject) }),
  })
}

/** PUTs a document (bytes exactly as given) under each tag, or by its digest. Fails on anything but 201. */
export async function pushManifest(
  target: Target | string,
  repository: string,
  tags: readonly string[],
  mediaType: string,
  document: object | Uint8Array,
): Promise<Pushed> {
  const bytes = Buffer.from(document instanceof Uint8Array ? document : JSON.stringify(document))
  const digest = sha256(bytes)
  for (const reference of tags.length > 0 ? tags : [digest])
    await call(target, 'PUT', `/v2/${repository}/manifests/${reference}`, [201], { 'content-type': mediaType }, bytes)
  return { digest, mediaType, size: bytes.length, bytes }
}

export async function pushBlob(
  target: Target | string,
  repository: string,
  bytes: Buffer,
  mediaType = 'application/octet-stream',
): Promise<Pushed> {
  const digest = sha256(bytes)
  const started = await call(target, 'POST', `/v2/${repository}/blobs/uploads/`, [202])
  const location = new URL(String(started.headers.location), urlOf(target))
  location.searchParams.set('digest', digest)
  const type = { 'content-type': 'application/octet-stream' }
  await call(target, 'PUT', `${location.pathname}${location.search}`, [201], type, bytes)
  return { digest, mediaType, size: bytes.length, bytes }
}

/** A bare request, for what a test wants to know from the registry itself. */
export async function call(
  target: Target | string,
  method: 'GET' | 'HEAD' | 'PUT' | 'POST' | 'DELETE',
  path: string,
  expect?: readonly number[],
  headers: Readonly<Record<string, string>> = {},
  body?: Uint8Array,
): Promise<{ status: number; headers: Readonly<Record<string, string | string[] | undefined>>; body: Buffer }> {
  const own: Partial<Target> = typeof target === 'string' ? {} : target
  const dispatcher = dispatcherFor(own.ca)
  const response = await request(`${urlOf(target)}${path}`, {
    method,
    headers: { ...own.headers, ...headers },
    body,
    dispatcher,
  })
  const received = Buffer.from(await response.body.arrayBuffer())
  if (expect && !expect.includes(response.statusCode))
    throw new Error(`${method} ${path}: ${response.statusCode} ${received.toString().slice(0, 500)}`)
  return { status: response.statusCode, headers: response.headers, body: received }
}

/** The digest a tag has according to the registry itself; `undefined` for a tag that does not exist. */
export async function digestOfTag(
  target: Target | string,
  repository: string,
  tag: string,
): Promise<string | undefined> {
  const accept = [...Object.values(TYPES.oci), ...Object.values(TYPES.docker)].join(',')
  const { status, headers } = await call(target, 'HEAD', `/v2/${repository}/manifests/${tag}`, [200, 404], { accept })
  return status === 200 ? String(headers['docker-content-digest']) : undefined
}

/** `Authorization` for registries with htpasswd. */
export function basic(username: string, password: string): { authorization: string } {
  return { authorization: `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}` }
}

/** An uncompressed layer. */
export async function tarOf(files: LayerFiles): Promise<Buffer> {
  const mtime = new Date('2026-01-02T03:04:05Z')
  const entries: TarEntry[] = Object.entries(files).map(([path, content]) => {
    const name = content === null ? path.replace(/([^/]+)$/, '.wh.$1') : path
    const body = Buffer.from(content ?? '')
    return { header: { name, size: body.length, mode: 0o644, mtime, type: 'file' }, body }
  })
  return Buffer.from(await packTar(entries))
}

export function sha256(bytes: Uint8Array | string): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`
}

export function descriptor({ mediaType, digest, size }: Pushed): { mediaType: string; digest: string; size: number } {
  return { mediaType, digest, size }
}

const agents = new Map<string, Agent>()
function dispatcherFor(ca = ''): Agent {
  const known = agents.get(ca)
  if (known) return known
  const agent = new Agent({ connections: 16, keepAliveTimeout: 1_000, ...(ca && { connect: { ca } }) })
  agents.set(ca, agent)
  return agent
}

function urlOf(target: Target | string): string {
  return typeof target === 'string' ? target : target.url
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}

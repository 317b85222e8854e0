import { randomBytes } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import type { Descriptor } from '../../oci/descriptor.ts'
import { digestOf } from '../../oci/digester.ts'
import type { Manifest } from '../../oci/manifest.ts'
import { MEDIA_TYPE } from '../../oci/media-type.ts'
import { parseTag, type Tag } from '../../oci/reference.ts'
import type { Repository } from '../../registry/registry.ts'

export const tag = (text: string): Tag => parseTag(text)

/** A descriptor as JSON has it. */
export interface Pointer {
  readonly mediaType: string
  readonly digest: Descriptor['digest']
  readonly size: number
  readonly [field: string]: unknown
}

export interface ImageParts {
  readonly tags?: readonly string[]
  /** Each a layer's uncompressed bytes; default one of random bytes. */
  readonly layers?: readonly Uint8Array[]
  readonly platform?: { readonly os: string; readonly architecture: string; readonly variant?: string }
  readonly created?: string
  readonly labels?: Readonly<Record<string, string | null>>
  readonly docker?: boolean
  /** Further fields of the manifest: `annotations`, `subject`. */
  readonly fields?: object
}

/** Puts an image with real gzip layers and resolves to its manifest, as read back. */
export async function putImage(repository: Repository, parts: ImageParts = {}): Promise<Manifest> {
  const { platform = { os: 'linux', architecture: 'amd64' }, docker = false } = parts
  const contents = parts.layers ?? [randomBytes(200)]
  const layers: Pointer[] = []
  for (const content of contents)
    layers.push(
      await putBlob(repository, gzipSync(content), docker ? MEDIA_TYPE.dockerLayerGzip : MEDIA_TYPE.ociLayerGzip),
    )
  const document = {
    created: parts.created ?? '2026-01-02T03:04:05Z',
    ...platform,
    config: { ...(parts.labels && { Labels: parts.labels }) },
    rootfs: { type: 'layers', diff_ids: contents.map((content) => digestOf(content)) },
    history: contents.map((_, i) => ({ created_by: `step ${i} ${randomBytes(4).toString('hex')}` })),
  }
  const config = await putBlob(repository, json(document), docker ? MEDIA_TYPE.dockerConfig : MEDIA_TYPE.ociConfig)
  const mediaType = docker ? MEDIA_TYPE.dockerManifest : MEDIA_TYPE.ociManifest
  return putDocument(repository, mediaType, { config, layers, ...parts.fields }, parts.tags)
}

export async function putIndex(
  repository: Repository,
  manifests: readonly Pointer[],
  { tags, docker = false, fields }: { tags?: readonly string[]; docker?: boolean; fields?: object } = {},
): Promise<Manifest> {
  return putDocument(repository, docker ? MEDIA_TYPE.dockerList : MEDIA_TYPE.ociIndex, { manifests, ...fields }, tags)
}

/** An artifact in the shape of an OCI image: the empty config and one blob for each content. */
export async function putArtifact(
  repository: Repository,
  blobs: readonly {
    readonly mediaType: string
    readonly content: string | Uint8Array
    readonly annotations?: object
  }[],
  { tags, fields }: { tags?: readonly string[]; fields?: object } = {},
): Promise<Manifest> {
  const config = await putBlob(repository, Buffer.from('{}'), MEDIA_TYPE.ociEmpty)
  const layers: Pointer[] = []
  for (const { mediaType, content, annotations } of blobs)
    layers.push({
      ...(await putBlob(repository, typeof content === 'string' ? Buffer.from(content) : content, mediaType)),
      ...(annotations && { annotations }),
    })
  return putDocument(repository, MEDIA_TYPE.ociManifest, { config, layers, ...fields }, tags)
}

export async function putBlob(repository: Repository, bytes: Uint8Array, mediaType: string): Promise<Pointer> {
  const { digest, size } = await repository.putBlob(bytes)
  return { mediaType, digest, size }
}

/** A pointer to a manifest, with the fields that an index adds. */
export function pointerTo(manifest: Manifest, fields: object = {}): Pointer {
  return { mediaType: manifest.mediaType, digest: manifest.digest, size: manifest.size, ...fields }
}

async function putDocument(
  repository: Repository,
  mediaType: string,
  fields: object,
  tags: readonly string[] = [],
): Promise<Manifest> {
  const bytes = json({ schemaVersion: 2, mediaType, ...fields })
  const digest = digestOf(bytes)
  for (const reference of tags.length > 0 ? tags.map(parseTag) : [digest])
    await repository.putManifest(reference, { mediaType, bytes })
  return repository.manifest(digest)
}

function json(document: object): Buffer {
  return Buffer.from(JSON.stringify(document))
}

import { randomBytes } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import { expect } from 'vitest'
import type { Descriptor } from '../../oci/descriptor.ts'
import { digestOf } from '../../oci/digester.ts'
import { FormatError } from '../../oci/format-error.ts'
import { MEDIA_TYPE } from '../../oci/media-type.ts'
import { parseTag, type Tag } from '../../oci/reference.ts'
import { isRegistryError, type RegistryErrorKind } from '../errors.ts'
import { collect } from '../listing.ts'
import type { ManifestContent, Repository } from '../registry.ts'

export const tag = (text: string): Tag => parseTag(text)

/** A plain descriptor as JSON has it. */
export type Pointer = Pick<Descriptor, 'mediaType' | 'digest' | 'size'>

export function describeBytes(mediaType: string, bytes: Uint8Array): Pointer {
  return { mediaType, digest: digestOf(bytes), size: bytes.byteLength }
}

export function documentOf(mediaType: string, document: object): ManifestContent {
  return { mediaType, bytes: Buffer.from(JSON.stringify(document)) }
}

export function pointerTo({ mediaType, bytes }: ManifestContent): Pointer {
  return describeBytes(mediaType, bytes)
}

/** Uploads what an image needs and returns its manifest, not yet put. Each call makes another digest. */
export async function imageFor(
  repository: Repository,
  {
    kind = 'oci',
    ...fields
  }: { kind?: 'oci' | 'docker'; annotations?: object; subject?: Pointer; artifactType?: string } = {},
): Promise<ManifestContent> {
  const types =
    kind === 'oci'
      ? [MEDIA_TYPE.ociManifest, MEDIA_TYPE.ociConfig, MEDIA_TYPE.ociLayerGzip]
      : [MEDIA_TYPE.dockerManifest, MEDIA_TYPE.dockerConfig, MEDIA_TYPE.dockerLayerGzip]
  const [mediaType = '', configType = '', layerType = ''] = types
  const layer = gzipSync(randomBytes(64))
  const rootfs = { type: 'layers', diff_ids: [digestOf(randomBytes(8))] }
  const config = Buffer.from(JSON.stringify({ os: 'linux', architecture: 'amd64', config: {}, rootfs }))
  await repository.putBlob(layer)
  await repository.putBlob(config)
  return documentOf(mediaType, {
    schemaVersion: 2,
    mediaType,
    config: describeBytes(configType, config),
    layers: [describeBytes(layerType, layer)],
    ...fields,
  })
}

/** An index of one image that is put under its digest. */
export async function indexFor(repository: Repository, kind: 'oci' | 'docker' = 'oci'): Promise<ManifestContent> {
  const child = await imageFor(repository, { kind })
  const pointer = pointerTo(child)
  await repository.putManifest(pointer.digest, child)
  const mediaType = kind === 'oci' ? MEDIA_TYPE.ociIndex : MEDIA_TYPE.dockerList
  const manifests = [{ ...pointer, platform: { os: 'linux', architecture: 'amd64' } }]
  return documentOf(mediaType, { schemaVersion: 2, mediaType, manifests })
}

export async function tagNames(repository: Repository): Promise<string[]> {
  const { items, end } = await collect(repository.tags())
  expect(end).toEqual({ complete: true })
  return items.toSorted()
}

export async function expectKind(promise: Promise<unknown>, ...kinds: RegistryErrorKind[]): Promise<void> {
  const error = await rejection(promise)
  if (!isRegistryError(error, ...kinds))
    throw new Error(`expected ${kinds.join(' or ')}, got ${error}`, { cause: error })
}

/** The call was refused as badly formed, by a parser or by the registry, not by accident. */
export async function expectRefusal(call: () => Promise<unknown>): Promise<void> {
  const error = await rejection((async () => call())())
  if (!(error instanceof FormatError) && !isRegistryError(error))
    throw new Error(`not refused: ${error}`, { cause: error })
}

export async function rejection(promise: Promise<unknown>): Promise<unknown> {
  const nothing = Symbol('fulfilled')
  const outcome = await promise.then(
    () => nothing,
    (error: unknown) => error,
  )
  if (outcome === nothing) throw new Error('expected a failure, but the call succeeded')
  return outcome
}

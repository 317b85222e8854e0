import type { Readable } from 'node:stream'
import { digestOf } from '../../oci/digester.ts'
import { MEDIA_TYPE } from '../../oci/media-type.ts'
import { type ArchiveMember, archiveStream } from '../archive/archive-stream.ts'

/** An image that is in no registry, as its three files. */
export interface MadeImage {
  readonly manifest: Buffer
  readonly config: Buffer
  readonly layer: Buffer
}

export function madeImage(text: string): MadeImage {
  const layer = Buffer.concat([Buffer.alloc(1024), Buffer.from(text.padEnd(512))])
  const config = jsonBytes({
    os: 'linux',
    architecture: 'amd64',
    config: { Labels: { text } },
    rootfs: { type: 'layers', diff_ids: [digestOf(layer)] },
  })
  const manifest = jsonBytes({
    schemaVersion: 2,
    mediaType: MEDIA_TYPE.ociManifest,
    config: pointer(config, MEDIA_TYPE.ociConfig),
    layers: [pointer(layer, MEDIA_TYPE.ociLayer)],
  })
  return { manifest, config, layer }
}

/** The files of an image as an OCI archive has them. */
export function filesOf({ manifest, config, layer }: MadeImage): ArchiveMember[] {
  return [manifest, config, layer].map(blobFile)
}

/** An entry of `index.json`, under a name. */
export function entryOf(bytes: Buffer, name?: string, mediaType: string = MEDIA_TYPE.ociManifest) {
  return {
    ...pointer(bytes, mediaType),
    ...(name !== undefined && { annotations: { 'org.opencontainers.image.ref.name': name } }),
  }
}

export function ociArchive(entries: readonly object[], files: readonly ArchiveMember[]): Readable {
  const layout = jsonFile('oci-layout', { imageLayoutVersion: '1.0.0' })
  return archiveStream([layout, jsonFile('index.json', { schemaVersion: 2, manifests: entries }), ...files])
}

/** As `docker save` wrote before version 25. */
export function savedArchive(images: readonly { image: MadeImage; names: readonly string[] }[]): Readable {
  const files = images.flatMap(({ image: { config, layer } }, i) => [
    file(`${hex(config)}.json`, config),
    file(`${i}/layer.tar`, layer),
  ])
  const entries = images.map(({ image: { config }, names }, i) => ({
    Config: `${hex(config)}.json`,
    RepoTags: names,
    Layers: [`${i}/layer.tar`],
  }))
  return archiveStream([jsonFile('manifest.json', entries), ...files])
}

export function blobFile(bytes: Buffer): ArchiveMember {
  return file(`blobs/sha256/${hex(bytes)}`, bytes)
}

export function pointer(bytes: Buffer, mediaType: string) {
  return { mediaType, digest: digestOf(bytes), size: bytes.length }
}

export function jsonBytes(value: object): Buffer {
  return Buffer.from(JSON.stringify(value))
}

function jsonFile(path: string, value: object): ArchiveMember {
  return file(path, jsonBytes(value))
}

function file(path: string, content: Buffer): ArchiveMember {
  return { path, size: content.length, content }
}

function hex(bytes: Buffer): string {
  return digestOf(bytes).slice(7)
}

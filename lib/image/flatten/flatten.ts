import { Readable } from 'node:stream'
import type { Descriptor } from '../../oci/descriptor.ts'
import type { Digest } from '../../oci/digest.ts'
import type { Manifest } from '../../oci/manifest.ts'
import type { Platform } from '../../oci/platform.ts'
import type { Selector } from '../../oci/reference.ts'
import { schema1Layers } from '../../oci/successors.ts'
import { RegistryError } from '../../registry/errors.ts'
import type { CallOptions, Repository } from '../../registry/registry.ts'
import { encryptedLayer, isContainerImage } from '../platform/container-image.ts'
import { resolvePlatform } from '../platform/resolve-platform.ts'
import { type DecompressLimits, decompress } from '../tar/decompress.ts'
import { flattenLayers } from './flatten-layers.ts'

export interface FlattenOptions extends CallOptions {
  /** Which image of an index; default linux/amd64. */
  readonly platform?: Platform
  /** Limits for unpacking one layer. */
  readonly limits?: DecompressLimits
}

export interface FlattenedImage {
  /** The image that was chosen. */
  readonly digest: Digest
  /** A tar, not compressed. Destroying it ends the reading of the layers. */
  readonly stream: Readable
}

/**
 * The root file system of an image as one tar, whiteouts applied; see `flattenLayers` for its order. Layers may be
 * gzip, zstd or plain, whatever their media type says. Memory holds the paths, never content. Resolves before any
 * layer is read; what is wrong with a layer is an error of the stream: RegistryError `digest-mismatch`, `not-found`,
 * `too-large`, FormatError `tar`.
 * @throws RegistryError `unsupported` for anything but an image, and for an encrypted one; `missing-content` for layers kept
 *   elsewhere
 */
export async function flatten(
  repository: Repository,
  reference: Selector,
  { platform, signal, limits }: FlattenOptions = {},
): Promise<FlattenedImage> {
  const options = { signal }
  const manifest = await resolvePlatform(repository, await repository.manifest(reference, options), platform, options)
  const layers = layersOf(repository, manifest)
  for (const layer of layers) await expectHeld(repository, layer, options)
  const open = (layer: Descriptor) => async () => {
    const { stream } = await repository.blob(layer.digest, options)
    return decompress(stream, limits)
  }
  const chunks = flattenLayers(layers.map(open))
  return { digest: manifest.digest, stream: Readable.from(chunks, { objectMode: false, highWaterMark: 1024 * 1024 }) }
}

function layersOf(repository: Repository, manifest: Manifest): readonly Descriptor[] {
  if (manifest.kind === 'schema1') return schema1Layers(manifest.document)
  const details = { repository: repository.name, host: repository.registry.location }
  if (!isContainerImage(manifest))
    throw new RegistryError(
      'unsupported',
      `${manifest.digest} is not a container image: it has no file system`,
      details,
    )
  const encrypted = encryptedLayer(manifest)
  if (encrypted) throw new RegistryError('unsupported', `the layer ${encrypted.digest} is encrypted`, details)
  return manifest.layers
}

async function expectHeld(repository: Repository, layer: Descriptor, options: CallOptions): Promise<void> {
  const details = { repository: repository.name, host: repository.registry.location }
  if (await repository.statBlob(layer.digest, options)) return
  const where = layer.urls?.length ? `; its manifest says it is at ${layer.urls[0]}` : ''
  throw new RegistryError(
    'missing-content',
    `${repository.name} doesn’t have the layer ${layer.digest}${where}`,
    details,
  )
}

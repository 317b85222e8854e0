import { type Descriptor, UNKNOWN_SIZE } from '../../oci/descriptor.ts'
import type { Digest } from '../../oci/digest.ts'
import { blobsOf } from '../../oci/index-entries.ts'
import type { Manifest, Schema1Manifest } from '../../oci/manifest.ts'
import { EMPTY_LAYER, EMPTY_LAYER_DIGEST } from '../../oci/schema1/v1-history.ts'
import { schema1Layers } from '../../oci/successors.ts'
import { mapConcurrent } from '../../registry/concurrent.ts'
import type { CallOptions, Repository } from '../../registry/registry.ts'

/** Compressed bytes of an image, as its blobs are stored. */
export interface ImageSizes {
  /** Base → leaf, with their duplicates; of an artifact its blobs. */
  readonly layers: readonly LayerSize[]
  /** The config and every layer as often as the image uses it. Absent where a size is unknown. */
  readonly each?: number
  /** The config and every distinct layer once: the bytes of a pull. Absent if a size is unknown. */
  readonly distinct?: number
}

export interface LayerSize {
  readonly digest: Digest
  /** Absent where neither the document nor the registry says. */
  readonly size?: number
}

/** Docker makes no image of more than 127 layers. */
const MAX_MEASURED = 256

/** The sizes as the document states them: none for schema 1. Undefined for what has no layers: an index of images, unknown kinds. */
export function imageSizes(manifest: Manifest): ImageSizes | undefined {
  switch (manifest.kind) {
    case 'oci-image':
    case 'schema2':
      return addUp(manifest.layers, [manifest.config])
    case 'oci-artifact':
      return addUp(manifest.blobs)
    case 'schema1':
      return addUp(schema1Layers(manifest.document))
    case 'index':
      return blobsOf(manifest).length > 0 ? addUp(blobsOf(manifest)) : undefined
    case 'unknown':
      return undefined
  }
}

/**
 * The same, with schema 1 measured: one HEAD for each distinct layer, sixteen at a time, once for a manifest that is
 * kept. A layer that the registry does not hold stays without a size, as do all of a document with more than 256.
 * @throws RegistryError
 */
export async function measureSizes(
  repository: Repository,
  manifest: Manifest,
  { signal }: CallOptions = {},
): Promise<ImageSizes | undefined> {
  if (manifest.kind !== 'schema1') return imageSizes(manifest)
  const known = measured.get(manifest) ?? (await measure(repository, manifest, { signal }))
  // Missing blobs may appear later; a size by digest never changes.
  if (known.distinct !== undefined) measured.set(manifest, known)
  return known
}

const measured = new WeakMap<Schema1Manifest, ImageSizes>()

async function measure(repository: Repository, manifest: Schema1Manifest, options: CallOptions): Promise<ImageSizes> {
  const layers = schema1Layers(manifest.document)
  const sizes = new Map<Digest, number>([[EMPTY_LAYER_DIGEST, EMPTY_LAYER.byteLength]])
  const unknown = [...new Set(layers.map(({ digest }) => digest))].filter((digest) => !sizes.has(digest))
  if (unknown.length > MAX_MEASURED) return addUp(layers)
  const found = await mapConcurrent(unknown, (digest) => repository.statBlob(digest, options), options)
  for (const [index, digest] of unknown.entries()) sizes.set(digest, found[index]?.size ?? UNKNOWN_SIZE)
  return addUp(layers.map((layer) => ({ ...layer, size: sizes.get(layer.digest) ?? UNKNOWN_SIZE })))
}

function addUp(layers: readonly Descriptor[], others: readonly Descriptor[] = []): ImageSizes {
  const all = [...others, ...layers]
  const distinct = [...new Map(all.map((descriptor) => [descriptor.digest, descriptor])).values()]
  const isKnown = all.every(({ size }) => size !== UNKNOWN_SIZE)
  return {
    layers: layers.map(({ digest, size }) => ({ digest, ...(size !== UNKNOWN_SIZE && { size }) })),
    ...(isKnown && { each: total(all), distinct: total(distinct) }),
  }
}

function total(descriptors: readonly Descriptor[]): number {
  return descriptors.reduce((sum, { size }) => sum + size, 0)
}

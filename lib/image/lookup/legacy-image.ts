import type { Manifest } from '../../oci/manifest.ts'
import type { Tag } from '../../oci/reference.ts'
import type { LegacyLayer } from '../../oci/schema1/legacy-layers.ts'
import { EMPTY_LAYER, EMPTY_LAYER_DIGEST } from '../../oci/schema1/v1-history.ts'
import type { ListEnd } from '../../registry/listing.ts'
import type { CallOptions, Repository } from '../../registry/registry.ts'
import { measureSizes } from '../inspect/image-sizes.ts'
import { v1Chain } from './legacy-images.ts'

/** One v1 image: id, parent, what made it, and the layer that holds its files. */
export interface V1Image extends LegacyLayer {
  /** Compressed bytes of its layer. Absent where neither the manifest nor the registry says. */
  readonly size?: number
}

export type LegacyImageLookup =
  | {
      readonly state: 'found'
      /** The first tag that has it, as its leaf or below. */
      readonly tag: Tag
      readonly image: V1Image
      /** Its parent → base, where they were asked for. */
      readonly parents?: readonly V1Image[]
    }
  /** None of the tags that were listed has it. */
  | { readonly state: 'absent'; readonly end: ListEnd }

export interface LegacyImageOptions extends CallOptions {
  readonly includeParents?: boolean
}

/**
 * The v1 image of an id, 64 hexadecimal digits, wherever it stands in the chain of a tag. Tags are read one by one until
 * one has it; those without v1 images are passed over. The layers themselves are never read.
 * @throws RegistryError, FormatError
 */
export async function legacyImage(
  repository: Repository,
  id: string,
  { includeParents = false, signal }: LegacyImageOptions = {},
): Promise<LegacyImageLookup> {
  const options = { signal }
  const listing = repository.tags(options)
  for (let next = await listing.next(); ; next = await listing.next()) {
    if (next.done) return { state: 'absent', end: next.value }
    const tag = next.value
    const { manifest, chain = [] } = (await v1Chain(repository, tag, options)) ?? {}
    const position = chain.findIndex((image) => image.id === id)
    if (!manifest || position < 0) continue
    await listing.return({ complete: false, reason: `stopped at ${tag}` })
    const wanted = chain.slice(position, includeParents ? undefined : position + 1)
    const [image, ...parents] = await withSizes(repository, manifest, wanted, options)
    if (image) return { state: 'found', tag, image, ...(includeParents && { parents }) }
  }
}

async function withSizes(
  repository: Repository,
  manifest: Manifest,
  images: readonly LegacyLayer[],
  options: CallOptions,
): Promise<V1Image[]> {
  const sizes = new Map(
    (await measureSizes(repository, manifest, options))?.layers.map((each) => [each.digest, each.size]),
  )
  // Steps that changed no file stand on it, whether or not the manifest lists it.
  sizes.set(EMPTY_LAYER_DIGEST, EMPTY_LAYER.byteLength)
  return images.map((image) => {
    const size = sizes.get(image.digest)
    return { ...image, ...(size !== undefined && { size }) }
  })
}

import { parseV1Compatibility } from '../config.ts'
import type { Manifest } from '../manifest.ts'
import { v1History } from './v1-history.ts'

/**
 * The Docker v1 image ids of an image's steps, base → leaf: 64 hexadecimal digits each, as schema 1 records them or as
 * `v1History` derives them. Undefined for what has none: indexes, artifacts and images with remote layers.
 * @param config the bytes of the image config; not needed for schema 1
 * @throws FormatError when the config or the schema 1 history is malformed
 */
export function legacyImageIds(manifest: Manifest, config?: Uint8Array): string[] | undefined {
  return v1History(manifest, config)?.map(({ v1Compatibility }) => v1ImageId(v1Compatibility))
}

/** The v1 image id of the leaf, which names the image as a whole. Undefined as for `legacyImageIds`. @throws FormatError */
export function leafLayerV1ImageId(manifest: Manifest, config?: Uint8Array): string | undefined {
  return legacyImageIds(manifest, config)?.at(-1)
}

/** `''` when the entry records none. */
function v1ImageId(v1Compatibility: string): string {
  const { id } = parseV1Compatibility(v1Compatibility)
  return typeof id === 'string' ? id : ''
}

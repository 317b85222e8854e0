import type { Digest } from '../../oci/digest.ts'
import type { Manifest } from '../../oci/manifest.ts'
import { MEDIA_TYPE } from '../../oci/media-type.ts'
import { parseManifest } from '../../oci/parse-manifest.ts'
import type { StoredFile } from './archive-intake.ts'

const LAYER_TYPES = { none: MEDIA_TYPE.ociLayer, gzip: MEDIA_TYPE.ociLayerGzip, zstd: MEDIA_TYPE.ociLayerZstd } as const

/** An image of an archive, with its name there. */
export interface ArchiveImage {
  readonly manifest: Manifest
  readonly name?: string
}

/** The manifest of an image that an archive has without one. */
export function imageOfLayers(
  config: { readonly digest: Digest; readonly size: number },
  layers: readonly StoredFile[],
): Manifest {
  const mediaType = MEDIA_TYPE.ociManifest
  const bytes = Buffer.from(
    JSON.stringify({
      schemaVersion: 2,
      mediaType,
      config: { mediaType: MEDIA_TYPE.ociConfig, digest: config.digest, size: config.size },
      layers: layers.map(({ digest, size, compression }) => ({ mediaType: LAYER_TYPES[compression], digest, size })),
    }),
  )
  return parseManifest(bytes, { contentType: mediaType })
}

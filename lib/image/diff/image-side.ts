import type { ImageConfig } from '../../oci/config.ts'
import type { Manifest } from '../../oci/manifest.ts'

/** One side of a comparison. Schema 1 needs no config: it embeds its own. */
export interface ImageSide {
  readonly manifest: Manifest
  readonly config?: ImageConfig
}

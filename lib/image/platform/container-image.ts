import type { Descriptor } from '../../oci/descriptor.ts'
import type { ImageManifest, Manifest } from '../../oci/manifest.ts'
import { isImageConfigType } from '../../oci/media-type.ts'

/** True for an image with a file system. Attestations are packaged as images too, but hold documents. */
export function isContainerImage(manifest: Manifest): manifest is ImageManifest {
  return (
    (manifest.kind === 'oci-image' || manifest.kind === 'schema2') &&
    isImageConfigType(manifest.config.mediaType) &&
    manifest.layers.every(({ mediaType }) => mediaType.includes('tar'))
  )
}

/** A layer that only who has the key can read (ocicrypt): undefined where there is none. */
export function encryptedLayer({ layers }: ImageManifest): Descriptor | undefined {
  return layers.find(({ mediaType }) => mediaType.endsWith('+encrypted'))
}

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

/** A layer that can be read only with the key (ocicrypt); undefined if there isn't one. */
export function encryptedLayer({ layers }: ImageManifest): Descriptor | undefined {
  return layers.find(({ mediaType }) => mediaType.endsWith('+encrypted'))
}

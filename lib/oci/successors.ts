import { type Descriptor, UNKNOWN_SIZE } from './descriptor.ts'
import type { Manifest } from './manifest.ts'
import { MEDIA_TYPE } from './media-type.ts'
import type { Schema1Document } from './schema1/schema1.ts'

/**
 * What a manifest needs to be whole: config and layers, an index's manifests, an artifact's blobs. Layers base → leaf,
 * duplicates kept. The `subject` is not among them: it may be missing, and belongs to no size or copy.
 */
export function successors(manifest: Manifest): Descriptor[] {
  switch (manifest.kind) {
    case 'oci-image':
    case 'schema2':
      return [manifest.config, ...manifest.layers]
    case 'index':
      return [...manifest.manifests]
    case 'oci-artifact':
      return [...manifest.blobs]
    case 'schema1':
      return schema1Layers(manifest.document)
    case 'unknown':
      return []
  }
}

/** The layers of a schema 1 manifest as descriptors, base → leaf. It records no sizes: they are `UNKNOWN_SIZE`. */
export function schema1Layers(document: Schema1Document): Descriptor[] {
  return document.layers.map(({ digest }) => ({ mediaType: MEDIA_TYPE.dockerLayerGzip, digest, size: UNKNOWN_SIZE }))
}

import type { Descriptor } from './descriptor.ts'
import type { Digest } from './digest.ts'
import { isForeignLayer } from './is-foreign-layer.ts'
import type { Manifest } from './manifest.ts'
import { schema1Layers } from './successors.ts'

/** Every blob that a manifest names: layers base → leaf with their duplicates, then the config. An index names none. */
export function blobDigests(manifest: Manifest): Digest[] {
  return blobsOf(manifest).map((blob) => blob.digest)
}

/** The blobs that the registry itself must hold: without layers that have `urls` or may not be redistributed. */
export function localBlobDigests(manifest: Manifest): Digest[] {
  return blobsOf(manifest)
    .filter((blob) => !isForeignLayer(blob))
    .map((blob) => blob.digest)
}

function blobsOf(manifest: Manifest): readonly Descriptor[] {
  switch (manifest.kind) {
    case 'oci-image':
    case 'schema2':
      return [...manifest.layers, manifest.config]
    case 'oci-artifact':
      return manifest.blobs
    case 'schema1':
      return schema1Layers(manifest.document)
    case 'index':
    case 'unknown':
      return []
  }
}

import type { Descriptor } from '../../oci/descriptor.ts'
import { isManifestEntry } from '../../oci/index-entries.ts'
import type { Manifest } from '../../oci/manifest.ts'
import { successors } from '../../oci/successors.ts'

/** One step of the Merkle DAG: what a manifest needs, and where in the document it says so. */
export interface Edge {
  readonly descriptor: Descriptor
  /** `config`, `layers[3]`, `manifests[0]`, `blobs[1]`, `fsLayers[2]` (base → leaf). */
  readonly path: string
  readonly to: 'manifest' | 'blob'
}

/** The edges out of a manifest, in the order of `successors`. Schema 1 states no sizes: theirs are `UNKNOWN_SIZE`. */
export function edgesOf(manifest: Manifest): Edge[] {
  return successors(manifest).map((descriptor, i) => ({
    descriptor,
    path: pathOf(manifest.kind, i),
    to: manifest.kind === 'index' && isManifestEntry(descriptor) ? 'manifest' : 'blob',
  }))
}

function pathOf(kind: Manifest['kind'], i: number): string {
  switch (kind) {
    case 'oci-image':
    case 'schema2':
      return i === 0 ? 'config' : `layers[${i - 1}]`
    case 'index':
      return `manifests[${i}]`
    case 'oci-artifact':
      return `blobs[${i}]`
    case 'schema1':
      return `fsLayers[${i}]`
    case 'unknown':
      return `[${i}]`
  }
}

import type { Descriptor } from './descriptor.ts'
import type { Digest } from './digest.ts'
import type { Schema1Document } from './schema1/schema1.ts'

/** What every manifest has, whatever its kind. `bytes` are authoritative; the rest is a frozen view of them. */
export interface ManifestBase {
  readonly mediaType: string
  readonly digest: Digest
  /** Bytes of the document itself. */
  readonly size: number
  readonly bytes: Uint8Array
  readonly annotations: ReadonlyMap<string, string>
  /** The manifest that this one is about (image-spec 1.1). */
  readonly subject?: Descriptor
  /** Falls back to the config's media type for artifacts packaged as images. */
  readonly artifactType?: string
}

export interface ImageManifest extends ManifestBase {
  readonly kind: 'oci-image' | 'schema2'
  readonly schemaVersion: 2
  readonly config: Descriptor
  /** Base → leaf. Duplicates are meaningful. */
  readonly layers: readonly Descriptor[]
}

export interface IndexManifest extends ManifestBase {
  readonly kind: 'index'
  readonly manifests: readonly Descriptor[]
}

export interface ArtifactManifest extends ManifestBase {
  readonly kind: 'oci-artifact'
  readonly blobs: readonly Descriptor[]
}

export interface Schema1Manifest extends ManifestBase {
  readonly kind: 'schema1'
  readonly schemaVersion: 1
  readonly document: Schema1Document
}

/** A document of an unknown type, or without one: shown raw, never a crash. */
export interface UnknownManifest extends ManifestBase {
  readonly kind: 'unknown'
}

export type Manifest = ImageManifest | IndexManifest | ArtifactManifest | Schema1Manifest | UnknownManifest

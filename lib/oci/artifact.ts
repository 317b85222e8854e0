import { ARTIFACT_TITLES } from './artifact-titles.ts'
import { blobsOf, childrenOf } from './index-entries.ts'
import { type ArtifactKind, knownType } from './known-types.ts'
import type { Manifest } from './manifest.ts'
import { isImageConfigType } from './media-type.ts'

export interface ArtifactDescription {
  readonly kind: ArtifactKind
  /** For people: `Helm chart`. */
  readonly title: string
}

/**
 * Says what a manifest is for, from its artifact type, its config's type or, last, the one kind of its layers.
 * Layers come last because an image may carry any file; attestations of BuildKit do look like images but for them.
 */
export function describeArtifact(manifest: Manifest): ArtifactDescription {
  const kind = kindOf(manifest)
  const named = kind === 'artifact' && manifest.artifactType ? ` (${manifest.artifactType})` : ''
  return { kind, title: ARTIFACT_TITLES[kind] + named }
}

function kindOf(manifest: Manifest): ArtifactKind {
  const declared = knownType(manifest.artifactType ?? '').kind
  if (declared) return declared
  switch (manifest.kind) {
    case 'schema1':
    case 'unknown':
      return manifest.kind
    case 'index':
      if (blobsOf(manifest).some(({ mediaType }) => knownType(mediaType).kind === 'build-cache')) return 'build-cache'
      return manifest.artifactType || (childrenOf(manifest).length === 0 && manifest.manifests.length > 0)
        ? 'artifact'
        : 'index'
    case 'oci-artifact':
      return byContents(manifest.blobs) ?? 'artifact'
    case 'oci-image':
    case 'schema2':
      return (
        byContents(manifest.layers) ??
        knownType(manifest.config.mediaType).kind ??
        (isImageConfigType(manifest.config.mediaType) ? 'image' : 'artifact')
      )
  }
}

function byContents(blobs: readonly { readonly mediaType: string }[]): ArtifactKind | undefined {
  const kinds = new Set(blobs.map((blob) => knownType(blob.mediaType).kind))
  return kinds.size === 1 ? [...kinds][0] : undefined
}

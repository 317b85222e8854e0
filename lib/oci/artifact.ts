import type { Manifest } from './manifest.ts'
import { isImageConfigType } from './media-type.ts'

export type ArtifactKind =
  | 'image'
  | 'index'
  | 'helm'
  | 'wasm'
  | 'cosign-signature'
  | 'sigstore-bundle'
  | 'notation-signature'
  | 'attestation'
  | 'sbom'
  | 'soci'
  | 'schema1'
  | 'artifact'
  | 'unknown'

export interface ArtifactDescription {
  readonly kind: ArtifactKind
  /** For people: `Helm chart`. */
  readonly title: string
}

const TITLES: Record<ArtifactKind, string> = {
  image: 'Image',
  index: 'Multi-platform image',
  helm: 'Helm chart',
  wasm: 'WebAssembly module',
  'cosign-signature': 'Cosign signature',
  'sigstore-bundle': 'Sigstore bundle',
  'notation-signature': 'Notation signature',
  attestation: 'Attestation',
  sbom: 'Software bill of materials',
  soci: 'SOCI index',
  schema1: 'Image (Docker schema 1)',
  artifact: 'Artifact',
  unknown: 'Unknown document',
}

/** What an artifact's own media type makes of it. Patterns are anchored and tried in order. */
const BY_TYPE: readonly (readonly [RegExp, ArtifactKind])[] = [
  [/^application\/vnd\.cncf\.helm\./, 'helm'],
  [/^application\/(?:vnd\.)?(?:wasm|module\.wasm)\b/, 'wasm'],
  [/^application\/vnd\.dev\.cosign\.simplesigning\./, 'cosign-signature'],
  [/^application\/vnd\.dev\.cosign\.artifact\.sig\./, 'cosign-signature'],
  [/^application\/vnd\.dev\.sigstore\.bundle\b/, 'sigstore-bundle'],
  [/^application\/vnd\.cncf\.notary\./, 'notation-signature'],
  [/^application\/vnd\.amazon\.soci\./, 'soci'],
  [/^(?:application|text)\/(?:spdx|vnd\.cyclonedx|vnd\.syft|vnd\.dev\.cosign\.artifact\.sbom)\b/, 'sbom'],
  [/^application\/(?:vnd\.in-toto|vnd\.dsse\.envelope)\b/, 'attestation'],
]

/**
 * Says what a manifest is for, from its artifact type, its config's type or, last, the one kind of its layers.
 * Layers come last because an image may carry any file; attestations of BuildKit do look like images but for them.
 */
export function describeArtifact(manifest: Manifest): ArtifactDescription {
  const kind = kindOf(manifest)
  const named = kind === 'artifact' && manifest.artifactType ? ` (${manifest.artifactType})` : ''
  return { kind, title: TITLES[kind] + named }
}

function kindOf(manifest: Manifest): ArtifactKind {
  const declared = byType(manifest.artifactType ?? '')
  if (declared) return declared
  switch (manifest.kind) {
    case 'schema1':
    case 'unknown':
      return manifest.kind
    case 'index':
      return manifest.artifactType ? 'artifact' : 'index'
    case 'oci-artifact':
      return byContents(manifest.blobs) ?? 'artifact'
    case 'oci-image':
    case 'schema2':
      return byContents(manifest.layers) ?? (isImageConfigType(manifest.config.mediaType) ? 'image' : 'artifact')
  }
}

function byContents(blobs: readonly { readonly mediaType: string }[]): ArtifactKind | undefined {
  const kinds = new Set(blobs.map((blob) => byType(blob.mediaType)))
  return kinds.size === 1 ? [...kinds][0] : undefined
}

function byType(mediaType: string): ArtifactKind | undefined {
  return BY_TYPE.find(([pattern]) => pattern.test(mediaType))?.[1]
}

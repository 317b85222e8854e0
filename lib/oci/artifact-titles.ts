import type { ArtifactKind } from './known-types.ts'

/** What people call each kind of manifest. */
export const ARTIFACT_TITLES: Readonly<Record<ArtifactKind, string>> = {
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
  'build-cache': 'Build cache',
  flux: 'Flux artifact',
  policy: 'Policy bundle',
  files: 'Files (ORAS)',
  schema1: 'Image (Docker schema 1)',
  artifact: 'Artifact',
  unknown: 'Unknown document',
}

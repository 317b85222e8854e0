import { readDescriptors, readSubject } from './image-manifest.ts'
import type { ArtifactManifest, ManifestBase } from './manifest.ts'

/** Reads the artifact manifest of the OCI 1.1 release candidates, which the release dropped. @throws FormatError */
export function readArtifactManifest(base: ManifestBase, document: Record<string, unknown>): ArtifactManifest {
  const { artifactType } = document
  return {
    kind: 'oci-artifact',
    ...base,
    blobs: readDescriptors(document.blobs, 'blobs'),
    ...(typeof artifactType === 'string' && artifactType && { artifactType }),
    ...readSubject(document),
  }
}

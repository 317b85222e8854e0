import { FormatError } from './format-error.ts'
import { readDescriptors, readSubject } from './image-manifest.ts'
import type { IndexManifest, ManifestBase } from './manifest.ts'

/** Reads the fields of an OCI image index or a Docker manifest list. @throws FormatError */
export function readIndexManifest(base: ManifestBase, document: Record<string, unknown>): IndexManifest {
  if (document.layers || document.config || document.fsLayers)
    throw new FormatError('manifest', base.mediaType, 'an index with a list at manifests')
  const { artifactType } = document
  return {
    kind: 'index',
    ...base,
    manifests: readDescriptors(document.manifests, 'manifests'),
    ...(typeof artifactType === 'string' && artifactType && { artifactType }),
    ...readSubject(document),
  }
}

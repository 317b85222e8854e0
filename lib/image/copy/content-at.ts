import type { Digest } from '../../oci/digest.ts'
import type { Manifest } from '../../oci/manifest.ts'
import { MEDIA_TYPE } from '../../oci/media-type.ts'
import { parseManifest } from '../../oci/parse-manifest.ts'
import type { RepositoryName, Tag } from '../../oci/reference.ts'
import { renameSchema1 } from '../../oci/schema1/retag-schema1.ts'
import type { ManifestContent } from '../../registry/registry.ts'

/**
 * The document that stands for `manifest` in another place: the identical bytes, except for schema 1, which names its
 * repository and its tag inside and so is rewritten and signed again, with another digest.
 * @throws FormatError with code `schema1`
 */
export function contentAt(
  manifest: Manifest,
  repository: RepositoryName,
  tag?: Tag,
): ManifestContent & { readonly digest: Digest } {
  const { mediaType, bytes, digest } = manifest
  if (manifest.kind !== 'schema1') return { mediaType, bytes, digest }
  const { document } = manifest
  if (document.name === repository && (!tag || document.tag === tag)) return { mediaType, bytes, digest }
  const renamed = renameSchema1(bytes, repository, tag)
  return { mediaType: MEDIA_TYPE.schema1Signed, bytes: renamed, digest: parseManifest(renamed).digest }
}

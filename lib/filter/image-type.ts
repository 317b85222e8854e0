import type { ArtifactKind } from '../oci/known-types.ts'
import type { ImageType } from './query.ts'

/** What `type:` finds a manifest by. */
export function imageTypeOf(kind: ArtifactKind): ImageType {
  return kind === 'image' || kind === 'index' || kind === 'helm' || kind === 'schema1' ? kind : 'artifact'
}

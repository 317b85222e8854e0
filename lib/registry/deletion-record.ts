import type { Tag } from '../oci/reference.ts'
import type { DeletionRecord } from './registry.ts'

/** A manifest to delete with every tag on it, if any. */
export interface ImageDeletionRecord extends Omit<DeletionRecord, 'tag' | 'placeholder'> {
  readonly tags: readonly Tag[]
}

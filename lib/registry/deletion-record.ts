import type { Tag } from '../oci/reference.ts'
import type { DeletionRecord } from './registry.ts'

/** A manifest that is to go with every tag on it, of which there may be none. */
export interface ImageDeletionRecord extends Omit<DeletionRecord, 'tag' | 'standIn'> {
  readonly tags: readonly Tag[]
}

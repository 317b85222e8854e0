import type { BlobDeletion } from '../../image/delete/delete-blobs.ts'
import type { RepositoryName } from '../../oci/reference.ts'

export interface DeletionResult {
  readonly outcome: 'deleted' | 'replaced-then-deleted' | 'restored' | 'unsupported'
  readonly reason?: string
  /** A more harmful strategy that might work: used only when explicitly requested. */
  readonly further?: 'allow-empty'
  readonly verified: boolean
  /** Problems found by the verification. */
  readonly problems: readonly string[]
  /** Other tags that the registry's DELETE removed and Lading put back at once. */
  readonly putBack?: readonly string[]
  /** Identifies the deletion for `undoChange`; absent if there is nothing to undo or the actor can't. */
  readonly undo?: string
  /** If layers were to be deleted: one for the config and each layer. */
  readonly blobs?: readonly BlobDeletionView[]
}

export type BlobDeletionView = { readonly digest: string; readonly size: number } & (
  | { readonly outcome: 'deleted' }
  /** By a manifest in this repository; without a digest it is in another one. */
  | { readonly outcome: 'kept'; readonly neededBy?: string }
  | { readonly outcome: 'refused'; readonly reason: string }
)

/** Users with the right to delete here may not see other repositories, so those aren't named. */
export function blobDeletionView(blob: BlobDeletion, repository: RepositoryName): BlobDeletionView {
  const { digest, size } = blob.descriptor
  switch (blob.outcome) {
    case 'deleted':
      return { digest, size, outcome: 'deleted' }
    case 'kept': {
      const isHere = blob.neededBy.repository === repository
      return { digest, size, outcome: 'kept', ...(isHere && { neededBy: blob.neededBy.digest }) }
    }
    case 'refused':
      return { digest, size, outcome: 'refused', reason: blob.reason }
  }
}

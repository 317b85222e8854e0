import type { Readable } from 'node:stream'
import type { Digest } from '../../oci/digest.ts'
import type { BlobOptions, BlobRead, CallOptions, PutBlobOptions, Repository } from '../../registry/registry.ts'

/** Content by its digest: what it holds is what its digest says, checked when it is written and when it is read. */
export interface ContentStore {
  /** Bytes, or undefined when it is absent. */
  stat(digest: Digest, options?: CallOptions): Promise<{ readonly size: number } | undefined>
  /** Throws `not-found`; the stream, `digest-mismatch`. */
  read(digest: Digest, options?: BlobOptions): Promise<BlobRead>
  /** Throws `digest-mismatch`, `size-mismatch`: nothing is kept then. */
  write(
    content: Uint8Array | Readable,
    options?: PutBlobOptions,
  ): Promise<{ readonly digest: Digest; readonly size: number }>
  /** Throws `conflict` while an image of the cache needs it. */
  remove(digest: Digest, options?: CallOptions): Promise<void>
}

/** The blobs of a layout, which all its repositories share: any of them will do. */
export function createContentStore(repository: Repository): ContentStore {
  return {
    stat: (digest, options) => repository.statBlob(digest, options),
    read: (digest, options) => repository.blob(digest, options),
    write: (content, options) => repository.putBlob(content, options),
    remove: (digest, options) => repository.deleteBlob(digest, options),
  }
}

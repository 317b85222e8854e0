import type { Readable } from 'node:stream'
import type { Digest } from '../../oci/digest.ts'
import type { BlobOptions, BlobRead, CallOptions, PutBlobOptions, Repository } from '../../registry/registry.ts'

/** Content by its digest, verified when written and when read. */
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

/** The blobs of all repositories of a layout. What is written is kept in one of them, `repository`. */
export function createContentStore(repository: Repository): ContentStore {
  const { registry } = repository
  const holder = async (digest: Digest, options?: CallOptions): Promise<Repository> => {
    if (await repository.statBlob(digest, options)) return repository
    for await (const name of registry.repositories(options)) {
      const other = registry.repository(name)
      if (await other.statBlob(digest, options)) return other
    }
    return repository
  }
  return {
    stat: async (digest, options) => (await holder(digest, options)).statBlob(digest, options),
    read: async (digest, options) => (await holder(digest, options)).blob(digest, options),
    write: (content, options) => repository.putBlob(content, options),
    remove: async (digest, options) => (await holder(digest, options)).deleteBlob(digest, options),
  }
}

import type { Descriptor } from '../../oci/descriptor.ts'
import { isRegistryError } from '../../registry/errors.ts'
import type { CallOptions, Repository } from '../../registry/registry.ts'
import { TRIES } from '../../registry/tries.ts'

/** How a blob came to be at the destination. */
export type BlobOutcome = 'mounted' | 'skipped' | 'sent'

export interface CopyBlobOptions extends CallOptions {
  /** Whether the destination can be asked to take the blob from its own registry. */
  readonly mount: boolean
  /** Called with the bytes sent since the last call; negative when a broken transfer starts again. */
  readonly onProgress?: (bytes: number) => void
}

/**
 * Puts one blob at the destination by the cheapest way: mount, else leave what is there, else stream it through.
 * Memory does not grow with its size. A broken transfer is tried again, twice at most; one whose token expired on the
 * way, once.
 */
export async function copyBlob(
  source: Repository,
  destination: Repository,
  { digest }: Descriptor,
  { mount, onProgress, signal }: CopyBlobOptions,
): Promise<{ readonly outcome: BlobOutcome; readonly size: number | undefined }> {
  const options = { signal }
  if (mount && (await destination.mountBlob(digest, source.name, options)))
    return { outcome: 'mounted', size: undefined }
  const present = await destination.statBlob(digest, { ...options, trustHead: true })
  if (present) return { outcome: 'skipped', size: present.size }
  for (let attempt = 1; ; attempt++) {
    let sent = 0
    const count = (bytes: number) => {
      sent += bytes
      onProgress?.(bytes)
    }
    const read = await source.blob(digest, options)
    try {
      const upload = { ...options, digest, size: read.size, onProgress: count, ownsPieces: true }
      await destination.putBlob(read.stream, upload)
      return { outcome: 'sent', size: read.size }
    } catch (error) {
      signal?.throwIfAborted()
      onProgress?.(-sent)
      if (attempt >= TRIES || !mayWorkAgain(error, attempt)) throw error
    } finally {
      read.stream.destroy()
    }
  }
}

function mayWorkAgain(error: unknown, attempt: number): boolean {
  // A token can expire between the beginning of an upload and its stream, which cannot be sent twice: a new session
  // gets a new token. If that is refused too, expiry isn't the reason.
  if (attempt === 1 && isRegistryError(error, 'unauthorized')) return true
  return isRegistryError(error, 'unreachable', 'timeout', 'unavailable', 'size-mismatch')
}

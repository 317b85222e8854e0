import { type Descriptor, UNKNOWN_SIZE } from '../../oci/descriptor.ts'
import type { Digest } from '../../oci/digest.ts'
import { mapConcurrent } from '../../registry/concurrent.ts'
import type { CallOptions, Repository } from '../../registry/registry.ts'
import { type BlobOutcome, copyBlob } from './copy-blob.ts'
import { knownBytes } from './copy-plan.ts'

/** Bytes are of blobs; the documents are small beside them. */
export interface CopyProgress {
  readonly phase: 'blobs' | 'manifests' | 'done'
  /** Grows while copying a schema 1 image, which does not state its sizes, and with referrers. */
  readonly totalBytes: number
  readonly mountedBytes: number
  readonly skippedBytes: number
  readonly sentBytes: number
  readonly blobs: number
  readonly totalBlobs: number
}

export interface BlobMover {
  readonly blobs: Readonly<Record<BlobOutcome, number>>
  readonly bytes: Readonly<Record<BlobOutcome, number>>
  /** Moves blobs that haven't been moved and aren't being moved. Failed ones can be moved again. */
  moveBlobs(descriptors: readonly Descriptor[]): Promise<void>
  /** Reports the last progress. */
  finish(): void
}

export interface BlobMoverOptions extends CallOptions {
  readonly concurrency?: number
  readonly onProgress?: (progress: CopyProgress) => void
}

/** Moves blobs from one repository to another, each once and the cheapest way, and keeps count of them. */
export function createBlobMover(
  from: Repository,
  to: Repository,
  { concurrency, onProgress, signal }: BlobMoverOptions,
): BlobMover {
  const sameRegistry = from.registry.kind === to.registry.kind && from.registry.location === to.registry.location
  const sameRepository = sameRegistry && from.name === to.name
  const blobs: Record<BlobOutcome, number> = { mounted: 0, skipped: 0, sent: 0 }
  const bytes: Record<BlobOutcome, number> = { mounted: 0, skipped: 0, sent: 0 }
  const done = new Set<Digest>()
  let total = { bytes: 0, blobs: 0 }
  let refused = 0
  const report = (phase: CopyProgress['phase']) =>
    onProgress?.({
      phase,
      totalBytes: total.bytes,
      mountedBytes: bytes.mounted,
      skippedBytes: bytes.skipped,
      sentBytes: bytes.sent,
      blobs: blobs.mounted + blobs.skipped + blobs.sent,
      totalBlobs: total.blobs,
    })
  const count = (descriptor: Descriptor, outcome: BlobOutcome, size = 0) => {
    blobs[outcome]++
    if (outcome !== 'sent') bytes[outcome] += descriptor.size === UNKNOWN_SIZE ? size : descriptor.size
    if (descriptor.size === UNKNOWN_SIZE) total = { ...total, bytes: total.bytes + size }
    report('blobs')
  }
  const moveOne = async (descriptor: Descriptor) => {
    if (sameRepository) return count(descriptor, 'skipped')
    // A registry that refused to mount three times will keep refusing.
    const mount = sameRegistry && refused < 3
    const { outcome, size } = await copyBlob(from, to, descriptor, {
      mount,
      signal,
      onProgress: (sent) => {
        bytes.sent += sent
        report('blobs')
      },
    })
    if (mount) refused = outcome === 'mounted' ? 0 : refused + 1
    count(descriptor, outcome, size)
  }
  const moveBlobs = async (descriptors: readonly Descriptor[]): Promise<void> => {
    const fresh = descriptors.filter(({ digest }) => !done.has(digest))
    for (const { digest } of fresh) done.add(digest)
    total = { bytes: total.bytes + knownBytes(fresh), blobs: total.blobs + fresh.length }
    report('blobs')
    const limit = concurrency ?? (sameRegistry ? 16 : 6)
    const left = new Map(fresh.map((descriptor) => [descriptor.digest, descriptor]))
    const move = async (descriptor: Descriptor) => {
      await moveOne(descriptor)
      left.delete(descriptor.digest)
    }
    try {
      await mapConcurrent(fresh, move, { limit, signal })
    } catch (error) {
      for (const digest of left.keys()) done.delete(digest)
      total = { bytes: total.bytes - knownBytes([...left.values()]), blobs: total.blobs - left.size }
      throw error
    }
    report('manifests')
  }
  return { blobs, bytes, moveBlobs, finish: () => report('done') }
}

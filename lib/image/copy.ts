import { type Descriptor, UNKNOWN_SIZE } from '../oci/descriptor.ts'
import type { Digest } from '../oci/digest.ts'
import type { Manifest } from '../oci/manifest.ts'
import type { Platform } from '../oci/platform.ts'
import type { Tag, TagOrDigest } from '../oci/reference.ts'
import { mapConcurrent } from '../registry/concurrent.ts'
import { RegistryError } from '../registry/errors.ts'
import type { CallOptions, ManifestContent, Repository } from '../registry/registry.ts'
import { contentAt } from './content-at.ts'
import { type BlobOutcome, copyBlob } from './copy-blob.ts'
import { knownBytes, planCopy } from './copy-plan.ts'
import { copyReferrers, type SkippedReferrer } from './copy-referrers.ts'
import { digestAt, movedError } from './digest-at.ts'
import { filterPlatforms } from './filter-platforms.ts'

export interface CopySource {
  readonly repository: Repository
  readonly reference: TagOrDigest
}

export interface CopyDestination {
  readonly repository: Repository
  /** Without a tag the manifest is put under its digest only. */
  readonly reference?: Tag
  /**
   * What the tag pointed at when the user was asked; `null`: it did not exist. Without it an existing tag is never moved.
   */
  readonly expect?: Digest | null
}

export interface CopyOptions extends CallOptions {
  /** Of an index only these; the index is then a new one, with another digest. */
  readonly platforms?: readonly Platform[]
  /** Copies signatures, attestations and other referrers too. */
  readonly referrers?: boolean
  /** Blobs at a time; default 4 when they are streamed, 16 when they are mounted. */
  readonly concurrency?: number
  readonly onProgress?: (progress: CopyProgress) => void
}

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

export interface CopyReport {
  /** What the destination holds now. */
  readonly digest: Digest
  /** Set when it is not the digest of the source, and why. */
  readonly changed?: { readonly from: Digest; readonly reason: 'platforms' | 'schema1' }
  /** What the destination's tag pointed at before. */
  readonly previous?: Digest
  /** How many blobs came each way. */
  readonly blobs: Readonly<Record<BlobOutcome, number>>
  readonly bytes: Readonly<Record<BlobOutcome, number>>
  readonly manifests: number
  /** Foreign layers that were left where their documents say they are. */
  readonly elsewhere: readonly Descriptor[]
  readonly referrers: { readonly copied: number; readonly skipped: readonly SkippedReferrer[] }
}

/**
 * Copies an image or an index with everything it needs: blobs, then children, then referrers, and the tag last, so that
 * a copy that was broken off leaves nothing half-visible and the next one goes on where it stopped. Content that is
 * already there is not moved; within a registry it is mounted.
 * @throws RegistryError `exists` when the destination's tag is taken and no `expect` was given, `conflict` when it has
 *   moved, `missing-content` when the source is not whole
 */
export async function copyImage(
  source: CopySource,
  destination: CopyDestination,
  options: CopyOptions = {},
): Promise<CopyReport> {
  const callOptions = { ...(options.signal && { signal: options.signal }) }
  const from = source.repository
  const to = destination.repository
  const root = await from.manifest(source.reference, callOptions)
  const filtered = root.kind === 'index' && options.platforms ? filterPlatforms(root, options.platforms) : undefined
  const content = filtered ?? contentAt(root, to.name, destination.reference)
  const previous = await expectDestination(destination, content.digest, callOptions)
  const plan = await planCopy(from, root, { ...callOptions, ...(filtered && { children: filtered.manifests }) })

  const mover = createMover(from, to, options)
  await mover.moveBlobs(plan.blobs)
  const manifests = plan.levels.flat()
  for (const level of plan.levels) await putAll(to, level, callOptions)
  const referrers = options.referrers
    ? await copyReferrers(from, to, filtered ? manifests : [root, ...manifests], mover.moveBlobs, callOptions)
    : { copied: 0, skipped: [] }
  await putRoot(destination, content, previous, callOptions)
  mover.finish()
  return {
    digest: content.digest,
    ...(content.digest !== root.digest && {
      changed: { from: root.digest, reason: filtered ? 'platforms' : 'schema1' },
    }),
    ...(previous && { previous }),
    blobs: mover.blobs,
    bytes: mover.bytes,
    manifests: manifests.length + 1,
    elsewhere: plan.elsewhere,
    referrers,
  }
}

/** Moves blobs and keeps count of them. */
function createMover(from: Repository, to: Repository, { concurrency, onProgress, signal }: CopyOptions) {
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
    // A registry that refused to mount three times will go on to refuse.
    const mount = sameRegistry && refused < 3
    const { outcome, size } = await copyBlob(from, to, descriptor, {
      mount,
      ...(signal && { signal }),
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
    const limit = concurrency ?? (sameRegistry ? 16 : 4)
    await mapConcurrent(fresh, moveOne, { limit, ...(signal && { signal }) })
    report('manifests')
  }
  return { blobs, bytes, moveBlobs, finish: () => report('done') }
}

/** Decides before anything is moved whether the tag may be written. Resolves to what it points at now. */
async function expectDestination(
  { repository, reference, expect }: CopyDestination,
  digest: Digest,
  options: CallOptions,
): Promise<Digest | undefined> {
  if (!reference) return undefined
  const found = await digestAt(repository, reference, options)
  if (expect === undefined) {
    if (!found || found === digest) return found
    throw new RegistryError('exists', `${repository.name}:${reference} exists and is another image`, {
      host: repository.registry.location,
      repository: repository.name,
      expected: digest,
      found,
    })
  }
  if ((expect ?? undefined) !== found) throw movedError(repository, reference, expect, found)
  return found
}

async function putRoot(
  { repository, reference }: CopyDestination,
  content: ManifestContent & { readonly digest: Digest },
  previous: Digest | undefined,
  options: CallOptions,
): Promise<void> {
  const stored = await repository.putManifest(reference ?? content.digest, content, {
    ...options,
    // The copy may have taken long: what the tag pointed at in the beginning has to be there still.
    ...(reference && { expect: previous ?? null }),
  })
  if (stored.digest !== content.digest)
    throw new RegistryError('digest-mismatch', `${repository.name} stored ${content.digest} as ${stored.digest}`, {
      host: repository.registry.location,
      repository: repository.name,
      expected: content.digest,
      found: stored.digest,
    })
}

async function putAll(repository: Repository, manifests: readonly Manifest[], options: CallOptions): Promise<void> {
  await mapConcurrent(manifests, (manifest) => repository.putManifest(manifest.digest, manifest, options), {
    ...options,
    limit: 4,
  })
}

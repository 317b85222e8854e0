import type { Descriptor } from '../../oci/descriptor.ts'
import type { Digest } from '../../oci/digest.ts'
import type { Manifest } from '../../oci/manifest.ts'
import type { Platform } from '../../oci/platform.ts'
import type { Selector, Tag } from '../../oci/reference.ts'
import { mapConcurrent } from '../../registry/concurrent.ts'
import { RegistryError } from '../../registry/errors.ts'
import { movedError } from '../../registry/moved-error.ts'
import type { CallOptions, ManifestContent, Repository } from '../../registry/registry.ts'
import { digestAt } from '../graph/digest-at.ts'
import { filterPlatforms } from '../platform/filter-platforms.ts'
import { type CopyProgress, createBlobMover } from './blob-mover.ts'
import { contentAt } from './content-at.ts'
import type { BlobOutcome } from './copy-blob.ts'
import { planCopy } from './copy-plan.ts'
import { copyReferrers, listAll, type SkippedReferrer } from './copy-referrers.ts'

export interface CopySource {
  readonly repository: Repository
  readonly reference: Selector
}

export interface CopyDestination {
  readonly repository: Repository
  /** Without a tag the manifest is put under its digest only. */
  readonly reference?: Tag
  /**
   * What the tag pointed at when the user was asked; `null`: it did not exist. Without it an existing tag is never
   * moved. A tag that already points at the copied image is fine, whatever was expected.
   */
  readonly expect?: Digest | null
}

export interface CopyOptions extends CallOptions {
  /** Of an index only these; the index is then a new one, with another digest. */
  readonly platforms?: readonly Platform[]
  /** Copies signatures, attestations and other referrers too. */
  readonly referrers?: boolean
  /**
   * Whether tags that exist may be moved beside the destination's own, which `expect` is about: those under which cosign
   * keeps signatures, to which others are added. Default true.
   */
  readonly mayOverwrite?: boolean
  /** Blobs at a time; default 6 when they are streamed, 16 when they are mounted. */
  readonly concurrency?: number
  readonly onProgress?: (progress: CopyProgress) => void
}

export interface CopyReport {
  /** The manifest at the destination. */
  readonly digest: Digest
  /** Set when it isn't the digest of the source, with the reason. */
  readonly changed?: { readonly from: Digest; readonly reason: 'platforms' | 'schema1' }
  /** The previous target of the destination's tag. */
  readonly previous?: Digest
  /** How many blobs were transferred each way. */
  readonly blobs: Readonly<Record<BlobOutcome, number>>
  readonly bytes: Readonly<Record<BlobOutcome, number>>
  readonly manifests: number
  /** Foreign layers that the source doesn't have: left where their documents say they are. */
  readonly foreignLayers: readonly Descriptor[]
  /** Attestations about the requested platforms that the source lists but doesn't have. */
  readonly leftOut: readonly Descriptor[]
  readonly referrers: { readonly copied: number; readonly skipped: readonly SkippedReferrer[] }
}

/**
 * Copies an image or an index with everything it needs: blobs, then children, then referrers, and the tag last, so that
 * an interrupted copy leaves nothing half-visible and the next one resumes where it stopped. Content that is
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
  const [root, found] = await Promise.all([
    from.manifest(source.reference, callOptions),
    destination.reference && digestAt(to, destination.reference, callOptions),
  ])
  const filtered =
    root.kind === 'index' && options.platforms
      ? await filterPlatforms(from, root, options.platforms, callOptions)
      : undefined
  const content = filtered ?? contentAt(root, to.name, destination.reference)
  const previous = expectDestination(destination, content.digest, found)
  const plan = await planCopy(from, root, { ...callOptions, ...(filtered && { children: filtered.manifests }) })

  const manifests = plan.levels.flat()
  const subjects = filtered ? manifests : [root, ...manifests]
  // Beside the layers: of an index there may be dozens of questions.
  const listings = options.referrers ? listAll(from, subjects, callOptions) : undefined
  const mover = createBlobMover(from, to, options)
  await mover.moveBlobs(plan.blobs)
  for (const level of plan.levels) await putAll(to, level, callOptions)
  const referrers = listings
    ? await copyReferrers(from, to, { subjects, listings }, mover.moveBlobs, {
        ...callOptions,
        mayOverwrite: options.mayOverwrite ?? true,
      })
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
    foreignLayers: plan.foreignLayers,
    leftOut: filtered?.leftOut ?? [],
    referrers,
  }
}

/** Decides before anything is moved whether the tag may be written. @param found what it points at now, which is returned */
function expectDestination(
  { repository, reference, expect }: CopyDestination,
  digest: Digest,
  found: Digest | undefined,
): Digest | undefined {
  if (!reference) return undefined
  // Even if something else was expected: a copy interrupted after its last step ends like this.
  if (found === digest) return found
  if (expect === undefined) {
    if (!found) return found
    throw new RegistryError('exists', `${repository.name}:${reference} already points at another image`, {
      host: repository.registry.location,
      repository: repository.name,
      expected: digest,
      found,
    })
  }
  if ((expect ?? undefined) !== found)
    throw movedError({ host: repository.registry.location, repository: repository.name }, reference, expect, found)
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
    // The copy may have taken long: the tag must still point at its initial target.
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

import type { Descriptor } from '../../oci/descriptor.ts'
import { isDigest } from '../../oci/digest.ts'
import type { Manifest } from '../../oci/manifest.ts'
import { isRegistryError, RegistryError } from '../../registry/errors.ts'
import type { BlobUser, CallOptions, Repository } from '../../registry/registry.ts'
import { edgesOf } from '../graph/edges.ts'

/** The outcome for one blob of a deleted image. */
export type BlobDeletion = { readonly descriptor: Descriptor } & (
  | { readonly outcome: 'deleted' }
  /** A manifest needs it, tagged or not, in this repository or another one that shares its storage. */
  | { readonly outcome: 'kept'; readonly neededBy: BlobUser }
  | { readonly outcome: 'refused'; readonly reason: string }
)

/** @throws RegistryError `unsupported`, with the evidence, where it cannot be known which blobs are needed */
export async function requireBlobDeletion(repository: Repository, options: CallOptions): Promise<void> {
  const { blobs } = await repository.deletes(options)
  if (blobs.state === 'yes') return void (await repository.blobUsers([], options))
  throw new RegistryError('unsupported', `layers can’t be deleted here: ${blobs.evidence}`, {
    host: repository.registry.location,
    repository: repository.name,
  })
}

/** The blobs of a manifest that no other manifest needs. Of an index none: its children stay and need theirs. */
export async function unneededBlobs(
  repository: Repository,
  manifest: Manifest,
  options: CallOptions,
): Promise<Descriptor[]> {
  const blobs = blobsOf(manifest)
  const users = await repository.blobUsers(
    blobs.map((blob) => blob.digest),
    options,
  )
  const isOwn = (user: BlobUser) => user.repository === repository.name && user.digest === manifest.digest
  return blobs.filter((blob) => users.get(blob.digest)?.every(isOwn))
}

/** Deletes each blob of a deleted manifest, unless another needs it: the registry checks again under its own lock. */
export async function deleteUnneededBlobs(
  repository: Repository,
  manifest: Manifest,
  options: CallOptions,
): Promise<BlobDeletion[]> {
  const outcomes: BlobDeletion[] = []
  for (const descriptor of blobsOf(manifest)) outcomes.push(await deleteOne(repository, descriptor, options))
  return outcomes
}

async function deleteOne(repository: Repository, descriptor: Descriptor, options: CallOptions): Promise<BlobDeletion> {
  const { digest } = descriptor
  try {
    await repository.deleteBlob(digest, options)
    return { descriptor, outcome: 'deleted' }
  } catch (error) {
    options.signal?.throwIfAborted()
    // A missing blob is the requested result.
    if (isRegistryError(error, 'not-found')) return { descriptor, outcome: 'deleted' }
    if (!isRegistryError(error)) throw error
    const [neededBy] =
      error.kind === 'conflict' ? ((await repository.blobUsers([digest], options)).get(digest) ?? []) : []
    return neededBy
      ? { descriptor, outcome: 'kept', neededBy }
      : { descriptor, outcome: 'refused', reason: error.message }
  }
}

function blobsOf(manifest: Manifest): Descriptor[] {
  const blobs = edgesOf(manifest).flatMap(({ to, descriptor }) => (to === 'blob' ? [descriptor] : []))
  return [...new Map(blobs.map((blob) => [blob.digest, blob])).values()].filter(({ digest }) => isDigest(digest))
}

import type { Digest } from '../oci/digest.ts'
import type { Manifest } from '../oci/manifest.ts'
import { isRegistryError, RegistryError } from '../registry/errors.ts'
import type { CallOptions, Repository } from '../registry/registry.ts'
import { digestAt } from './digest-at.ts'
import { edgesOf } from './edges.ts'
import { reachableBlobs } from './reachable-blobs.ts'
import { scanTags } from './scan-tags.ts'

export interface DeletedBlobs {
  readonly deleted: readonly Digest[]
  /** Still needed by another manifest, and so left. */
  readonly kept: readonly Digest[]
}

/**
 * Deletes the blobs of a manifest that has been deleted, as far as no tagged manifest of the repository reaches them.
 * Manifests without a tag cannot be listed, so that what only those need goes as well; layouts know them and keep it.
 * @throws RegistryError `conflict` while the manifest is still there, or when not everything that is tagged can be read
 */
export async function deleteUnusedBlobs(
  repository: Repository,
  manifest: Manifest,
  { signal }: CallOptions = {},
): Promise<DeletedBlobs> {
  const options = { ...(signal && { signal }) }
  if (await digestAt(repository, manifest.digest, options))
    throw refusal(repository, `${manifest.digest} still needs its blobs: delete it first`)
  const scan = await scanTags(repository, options)
  if (!scan.complete) throw refusal(repository, `cannot tell which blobs are in use: ${scan.reason}`)
  const roots = new Set([...scan.tags.values()].map((descriptor) => descriptor.digest))
  const used = await reachableBlobs(repository, [...roots], options)
  if (!used) throw refusal(repository, 'cannot tell which blobs are in use: the repository holds too many manifests')
  const deleted: Digest[] = []
  const kept: Digest[] = []
  for (const digest of blobsOf(manifest)) {
    if (used.has(digest)) kept.push(digest)
    else if (await deleteBlob(repository, digest, options)) deleted.push(digest)
    else kept.push(digest)
  }
  return { deleted, kept }
}

function blobsOf(manifest: Manifest): Set<Digest> {
  return new Set(edgesOf(manifest).flatMap(({ to, descriptor }) => (to === 'blob' ? [descriptor.digest] : [])))
}

/** False where the registry itself knows that something else needs the blob. One that is gone already is deleted. */
async function deleteBlob(repository: Repository, digest: Digest, options: CallOptions): Promise<boolean> {
  try {
    await repository.deleteBlob(digest, options)
  } catch (error) {
    if (isRegistryError(error, 'conflict')) return false
    if (!isRegistryError(error, 'not-found')) throw error
  }
  return true
}

function refusal(repository: Repository, message: string): RegistryError {
  return new RegistryError('conflict', message, { host: repository.registry.location, repository: repository.name })
}

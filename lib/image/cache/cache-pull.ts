import type { Digest } from '../../oci/digest.ts'
import { isForeignLayer } from '../../oci/is-foreign-layer.ts'
import type { Manifest } from '../../oci/manifest.ts'
import { isAttestation, type Platform } from '../../oci/platform.ts'
import type { Tag } from '../../oci/reference.ts'
import { isRegistryError, RegistryError } from '../../registry/errors.ts'
import type { CallOptions, Repository } from '../../registry/registry.ts'
import { createBlobMover } from '../copy/blob-mover.ts'
import { copyImage } from '../copy/copy.ts'
import { copyReferrers, listAll } from '../copy/copy-referrers.ts'
import { digestAt } from '../graph/digest-at.ts'
import { edgesOf } from '../graph/edges.ts'
import { aboutOf } from '../referrers/referrer.ts'
import { platformImage } from './platform-image.ts'

export interface PullRequest extends CallOptions {
  readonly remote: Repository
  readonly local: Repository
  readonly reference: Tag | Digest
  /** The tag in the cache; absent for a pull by digest. */
  readonly tag?: Tag
  readonly pinned?: Digest
  readonly platform: Platform
  readonly referrers?: boolean
}

/**
 * Brings one platform of an image into the cache, with the attestations about it. Of an index only that child is
 * copied, but the index itself, and those between, are kept as they are, so that its digest stays and other platforms can follow.
 * @throws RegistryError `not-found` naming the platform, `digest-mismatch` when the registry answers another than the
 *   pinned digest
 */
export async function pullIntoCache(request: PullRequest): Promise<Digest> {
  const { remote, local, reference, tag, pinned, platform, referrers = false, signal } = request
  const options = { signal }
  const root = await remote.manifest(pinned ?? reference, options)
  if (pinned && root.digest !== pinned)
    throw new RegistryError(
      'digest-mismatch',
      `${remote.name} is ${root.digest}, but ${pinned} is the trusted digest`,
      {
        expected: pinned,
        found: root.digest,
      },
    )
  const { image, through } = await platformImage(remote, root, platform, options)
  await copyImage({ repository: remote, reference: image.digest }, { repository: local }, { ...options, referrers })
  for (const index of through.toReversed()) {
    for (const child of index.manifests) {
      if (!isAttestation(child) || aboutOf(child) !== image.digest) continue
      await copyImage({ repository: remote, reference: child.digest }, { repository: local }, options)
    }
    if (index !== root) await local.putManifest(index.digest, index, options)
  }
  // Multi-platform images are signed through their index.
  if (referrers && root.digest !== image.digest)
    await copyReferrers(
      remote,
      local,
      { subjects: [root], listings: listAll(remote, [root], options) },
      createBlobMover(remote, local, options).moveBlobs,
      options,
    )
  await local.putManifest(tag ?? root.digest, root, options)
  return root.digest
}

/** Whether the image is there with its config and every layer that is not kept elsewhere. */
export async function isComplete(
  repository: Repository,
  root: Manifest,
  platform: Platform,
  options: CallOptions,
): Promise<boolean> {
  let image: Manifest
  try {
    image = (await platformImage(repository, root, platform, options)).image
  } catch (error) {
    if (isRegistryError(error, 'not-found', 'missing-content')) return false
    throw error
  }
  for (const { descriptor, to } of edgesOf(image)) {
    if (isForeignLayer(descriptor)) continue
    const present =
      to === 'blob'
        ? await repository.statBlob(descriptor.digest, options)
        : await digestAt(repository, descriptor.digest, options)
    if (!present) return false
  }
  return true
}

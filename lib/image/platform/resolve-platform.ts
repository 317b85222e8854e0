import type { Descriptor } from '../../oci/descriptor.ts'
import type { IndexManifest, Manifest } from '../../oci/manifest.ts'
import { MAX_DEPTH } from '../../oci/max-depth.ts'
import type { Platform } from '../../oci/platform.ts'
import { isRegistryError } from '../../registry/errors.ts'
import type { CallOptions, Repository } from '../../registry/registry.ts'
import { findLeaf, missingChild, tooDeep } from './platform-leaf.ts'

/** The way from a manifest to the one to run. */
export interface PlatformPath {
  /** Indexes, outermost first; none where the manifest is its own answer. */
  readonly through: readonly IndexManifest[]
  readonly image: Manifest
  /** As an index says; absent where none does. */
  readonly platform?: Platform
}

/**
 * The manifest to run on `platform`: an index, nested ones too, is followed to its best child; any other manifest
 * is its own answer. Without a platform it is linux/amd64, else the first child that is not an
 * attestation; one for `unknown/unknown` only where there is nothing else.
 * @throws RegistryError `not-found`, naming the platforms there are; `missing-content` when the index lists a child
 *   that the repository does not hold
 */
export async function resolvePlatform(
  repository: Repository,
  manifest: Manifest,
  platform?: Platform,
  options: CallOptions = {},
): Promise<Manifest> {
  return (await resolvePath(repository, manifest, platform, options)).image
}

/** The same with the indexes on the way, which copying the image needs too. @throws as `resolvePlatform` */
export async function resolvePath(
  repository: Repository,
  manifest: Manifest,
  platform?: Platform,
  { signal }: CallOptions = {},
): Promise<PlatformPath> {
  const options = { signal }
  let path: PlatformPath = { through: [], image: manifest }
  // Once, but for an index that is listed as something else.
  while (path.image.kind === 'index') {
    if (path.through.length > MAX_DEPTH) throw tooDeep(repository, manifest.digest)
    const { through, descriptor } = await findLeaf(repository, path.image, platform, options)
    const image = await readLeaf(repository, descriptor, options)
    path = {
      through: [...path.through, ...through],
      image,
      ...(descriptor.platform && { platform: descriptor.platform }),
    }
  }
  return path
}

async function readLeaf(repository: Repository, descriptor: Descriptor, options: CallOptions): Promise<Manifest> {
  try {
    return await repository.manifest(descriptor.digest, options)
  } catch (error) {
    if (!isRegistryError(error, 'not-found', 'missing-content')) throw error
    throw missingChild(repository, descriptor, error)
  }
}

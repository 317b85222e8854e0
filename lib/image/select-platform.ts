import type { Descriptor } from '../oci/descriptor.ts'
import type { Manifest } from '../oci/manifest.ts'
import { isIndexType } from '../oci/media-type.ts'
import { formatPlatform, isAttestation, type Platform, selectPlatform } from '../oci/platform.ts'
import { isRegistryError, RegistryError } from '../registry/errors.ts'
import type { CallOptions, Repository } from '../registry/registry.ts'

/** What runs where nobody says otherwise: the default of most registries and tools. */
export const DEFAULT_PLATFORM: Platform = { os: 'linux', architecture: 'amd64' }

/** Indexes inside indexes deeper than this are refused: no tool makes them, and a walk has to end. */
const MAX_DEPTH = 6

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
  { signal }: CallOptions = {},
): Promise<Manifest> {
  let current = manifest
  for (let depth = 0; depth < MAX_DEPTH; depth++) {
    if (current.kind !== 'index') return current
    const child = chooseChild(current.manifests, platform)
    if (!child) throw noSuchPlatform(repository, current.manifests, platform)
    current = await readChild(repository, child, { ...(signal && { signal }) })
  }
  throw new RegistryError('malformed', `${manifest.digest} nests indexes more than ${MAX_DEPTH} deep`, {
    host: repository.registry.location,
    repository: repository.name,
  })
}

/** The entry of an index that `resolvePlatform` follows; undefined where none fits. */
export function chooseChild(manifests: readonly Descriptor[], platform?: Platform): Descriptor | undefined {
  const runnable = manifests.filter((child) => !isAttestation(child))
  const exact = selectPlatform(runnable, platform ?? DEFAULT_PLATFORM)
  if (exact) return exact
  // A nested index carries no platform of its own, so the answer may lie inside it.
  const nested = runnable.find((child) => isIndexType(child.mediaType) && !child.platform)
  if (nested || platform) return nested
  return runnable.find((child) => !isOfUnknownPlatform(child)) ?? runnable[0]
}

/** What tools write for content that runs nowhere: attestations, also those whose annotation was lost on the way. */
function isOfUnknownPlatform({ platform }: Descriptor): boolean {
  return platform?.os === 'unknown' || platform?.architecture === 'unknown'
}

async function readChild(repository: Repository, child: Descriptor, options: CallOptions): Promise<Manifest> {
  try {
    return await repository.manifest(child.digest, options)
  } catch (error) {
    if (!isRegistryError(error, 'not-found', 'missing-content')) throw error
    const name = child.platform ? ` for ${formatPlatform(child.platform)}` : ''
    throw new RegistryError(
      'missing-content',
      `the index lists ${child.digest}${name}, which ${repository.name} does not hold`,
      { host: repository.registry.location, repository: repository.name, expected: child.digest },
      { cause: error },
    )
  }
}

function noSuchPlatform(repository: Repository, manifests: readonly Descriptor[], platform?: Platform): RegistryError {
  const offered = manifests.flatMap((child) =>
    child.platform && !isAttestation(child) ? [formatPlatform(child.platform)] : [],
  )
  const wanted = platform ? `nothing for ${formatPlatform(platform)}` : 'no image to run'
  const have = offered.length > 0 ? `; it has ${offered.join(', ')}` : ''
  return new RegistryError('not-found', `the index holds ${wanted}${have}`, {
    host: repository.registry.location,
    repository: repository.name,
    ...(platform && { expected: formatPlatform(platform) }),
  })
}

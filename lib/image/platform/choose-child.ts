import type { Descriptor } from '../../oci/descriptor.ts'
import { isIndexType } from '../../oci/media-type.ts'
import { isAttestation, type Platform } from '../../oci/platform.ts'
import { selectPlatform } from '../../oci/select-platform.ts'

/** The platform that most registries and tools choose by default. */
export const DEFAULT_PLATFORM: Platform = { os: 'linux', architecture: 'amd64' }

/**
 * The entry of an index to run on `platform`, else the first index inside it, which may have it; undefined where
 * neither is there. Without a platform it is linux/amd64, else the first that is not an attestation; one for
 * `unknown/unknown` only where there is nothing else.
 */
export function chooseChild(manifests: readonly Descriptor[], platform?: Platform): Descriptor | undefined {
  const exact = fittingChild(manifests, platform)
  if (exact) return exact
  const runnable = manifests.filter((child) => !isAttestation(child))
  // A nested index carries no platform of its own, so the answer may lie inside it.
  const nested = runnable.find((child) => isIndexType(child.mediaType) && !child.platform)
  if (nested || platform) return nested
  return runnable.find((child) => !isOfUnknownPlatform(child)) ?? runnable[0]
}

/** The entry that says it runs on `platform`, by default linux/amd64. Nested indexes are not opened. */
export function fittingChild(manifests: readonly Descriptor[], platform?: Platform): Descriptor | undefined {
  return selectPlatform(manifests, platform ?? DEFAULT_PLATFORM)
}

/** Written by tools for non-runnable content: attestations, including those that lost their annotation. */
function isOfUnknownPlatform({ platform }: Descriptor): boolean {
  return platform?.os === 'unknown' || platform?.architecture === 'unknown'
}

import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Descriptor } from '../../oci/descriptor.ts'
import type { Digest } from '../../oci/digest.ts'
import type { IndexManifest } from '../../oci/manifest.ts'
import { formatPlatform, isAttestation, normalizePlatform } from '../../oci/platform.ts'

export interface PlatformChange {
  /**
   * `linux/arm64/v8`, as the newer index writes it that has it; for an attestation, the platform it is about. Absent
   * when the index does not say.
   */
  readonly platform?: string
  readonly attestation: boolean
  /** `changed`: both have the platform, with different digests. */
  readonly state: 'added' | 'removed' | 'changed' | 'same'
  readonly before?: Digest
  readonly after?: Digest
}

interface Child {
  readonly descriptor: Descriptor
  readonly attestation: boolean
  /** As the index writes it. */
  readonly platform?: string
  /** The same in the one form that all spellings have. */
  readonly normalized?: string
  /** The platform without the version of its system, which Windows images change every month. */
  readonly family: string
}

/**
 * Compares the entries of two indexes, platform by platform: the first's order, then what only the second has. An index
 * can have tens of thousands: others have their turn between the steps.
 */
export async function diffIndexes(before: IndexManifest, after: IndexManifest): Promise<PlatformChange[]> {
  const a = childrenOf(before)
  await nextTurn()
  const b = childrenOf(after)
  const partners = new Map<Child, Child>()
  const left = new Set(b)
  for (const keyOf of [identityKey, platformKey, familyKey]) {
    await nextTurn()
    pairUp(a, left, partners, keyOf)
  }
  return [
    ...a.map((child) => change(child, partners.get(child))),
    ...b.filter((child) => left.has(child)).map((child) => change(undefined, child)),
  ]
}

/** Pairs children with equal keys in their order; paired ones leave `left`. */
function pairUp(
  a: readonly Child[],
  left: Set<Child>,
  partners: Map<Child, Child>,
  keyOf: (child: Child) => string,
): void {
  const waiting = Map.groupBy(left, keyOf)
  for (const child of a) {
    if (partners.has(child)) continue
    const partner = waiting.get(keyOf(child))?.shift()
    if (!partner) continue
    partners.set(child, partner)
    left.delete(partner)
  }
}

const identityKey = (child: Child) => `${child.descriptor.digest} ${platformKey(child)}`
const platformKey = (child: Child) => `${child.attestation} ${child.normalized}`
const familyKey = (child: Child) => `${child.attestation} ${child.family}`

function change(before: Child | undefined, after: Child | undefined): PlatformChange {
  const platform = after?.platform ?? before?.platform
  const [old, now] = [before?.descriptor.digest, after?.descriptor.digest]
  const state = !old ? 'added' : !now ? 'removed' : old === now ? 'same' : 'changed'
  return {
    ...(platform && { platform }),
    attestation: (after ?? before)?.attestation === true,
    state,
    ...(old && { before: old }),
    ...(now && { after: now }),
  }
}

function childrenOf(index: IndexManifest): Child[] {
  const byDigest = new Map(index.manifests.map((descriptor) => [descriptor.digest as string, descriptor]))
  return index.manifests.map((descriptor) => {
    const attestation = isAttestation(descriptor)
    const about = attestation
      ? byDigest.get(descriptor.annotations?.get('vnd.docker.reference.digest') ?? '')
      : descriptor
    if (!about?.platform) return { descriptor, attestation, family: descriptor.artifactType ?? descriptor.mediaType }
    const normal = normalizePlatform(about.platform)
    const { osVersion: _, ...family } = normal
    return {
      descriptor,
      attestation,
      platform: formatPlatform(about.platform),
      normalized: formatPlatform(normal),
      family: formatPlatform(family),
    }
  })
}

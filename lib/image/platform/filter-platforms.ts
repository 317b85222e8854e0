import { type Descriptor, isRecord } from '../../oci/descriptor.ts'
import type { Digest } from '../../oci/digest.ts'
import { digestOf } from '../../oci/digester.ts'
import { parseJson } from '../../oci/json.ts'
import type { IndexManifest } from '../../oci/manifest.ts'
import { isAttestation, type Platform } from '../../oci/platform.ts'
import { mapConcurrent } from '../../registry/concurrent.ts'
import type { CallOptions, Repository } from '../../registry/registry.ts'
import { digestAt } from '../graph/digest-at.ts'
import { aboutOf } from '../referrers/referrer.ts'
import { findLeaf } from './platform-leaf.ts'

/** An index cut down to some platforms: another document, so with another digest. */
export interface FilteredIndex {
  readonly digest: Digest
  readonly mediaType: string
  readonly bytes: Uint8Array
  readonly manifests: readonly Descriptor[]
  /** Attestations about what stays that the repository does not hold: an index need not be whole, and a copy has to be. */
  readonly leftOut: readonly Descriptor[]
}

/**
 * The index with only the children for `platforms` and the attestations about those, as far as they are there; every other field stays. A nested
 * index that has one of the platforms stays whole. Undefined when nothing would be left out: the index is then the same
 * document.
 * @throws RegistryError as `findLeaf` does: `not-found`, naming the platforms there are
 */
export async function filterPlatforms(
  repository: Repository,
  index: IndexManifest,
  platforms: readonly Platform[],
  { signal }: CallOptions = {},
): Promise<FilteredIndex | undefined> {
  const options = { signal }
  const chosen = new Set<Digest>()
  const subjects = new Set<Digest | undefined>()
  for (const platform of platforms) {
    const { through, descriptor } = await findLeaf(repository, index, platform, options)
    const own = through[1]?.digest ?? descriptor.digest
    chosen.add(own)
    subjects.add(own).add(descriptor.digest)
  }
  const isAbout = (child: Descriptor) => isAttestation(child) && subjects.has(aboutOf(child))
  const isHeld = async ({ digest }: Descriptor) => (await digestAt(repository, digest, options)) !== undefined
  const attestations = index.manifests.filter(isAbout)
  const held = await mapConcurrent(attestations, isHeld, options)
  const leftOut = new Set(attestations.filter((_, position) => !held[position]))
  const keeps = (child: Descriptor) =>
    isAttestation(child) ? isAbout(child) && !leftOut.has(child) : chosen.has(child.digest)
  const manifests = index.manifests.filter(keeps)
  if (manifests.length === index.manifests.length) return undefined
  const document = parseJson(index.bytes)
  if (!isRecord(document) || !Array.isArray(document.manifests)) return undefined
  const kept = document.manifests.filter((_, position) => {
    const child = index.manifests[position]
    return child !== undefined && keeps(child)
  })
  const bytes = Buffer.from(JSON.stringify({ ...document, manifests: kept }))
  return { digest: digestOf(bytes), mediaType: index.mediaType, bytes, manifests, leftOut: [...leftOut] }
}

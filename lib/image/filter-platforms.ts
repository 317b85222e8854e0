import { type Descriptor, isRecord } from '../oci/descriptor.ts'
import type { Digest } from '../oci/digest.ts'
import { digestOf } from '../oci/digester.ts'
import { parseJson } from '../oci/json.ts'
import type { IndexManifest } from '../oci/manifest.ts'
import { formatPlatform, isAttestation, type Platform, selectPlatform } from '../oci/platform.ts'
import { RegistryError } from '../registry/errors.ts'

/** An index cut down to some platforms: another document, so with another digest. */
export interface FilteredIndex {
  readonly digest: Digest
  readonly mediaType: string
  readonly bytes: Uint8Array
  readonly manifests: readonly Descriptor[]
}

/**
 * The index with only the children for `platforms` and the attestations about those; every other field stays.
 * Undefined when nothing would be left out: the index is then the same document.
 * @throws RegistryError `not-found`, naming the platform that the index does not have
 */
export function filterPlatforms(index: IndexManifest, platforms: readonly Platform[]): FilteredIndex | undefined {
  const chosen = new Set<Digest>()
  for (const platform of platforms) {
    const child = selectPlatform(index.manifests, platform)
    if (!child) throw noSuchPlatform(index, platform)
    chosen.add(child.digest)
  }
  const keeps = (child: Descriptor) =>
    isAttestation(child)
      ? [...chosen].includes(child.annotations?.get('vnd.docker.reference.digest') as Digest)
      : chosen.has(child.digest)
  const manifests = index.manifests.filter(keeps)
  if (manifests.length === index.manifests.length) return undefined
  const document = parseJson(index.bytes)
  if (!isRecord(document) || !Array.isArray(document.manifests)) return undefined
  const bytes = Buffer.from(
    JSON.stringify({
      ...document,
      manifests: document.manifests.filter((_, i) => keeps(index.manifests[i] as Descriptor)),
    }),
  )
  return { digest: digestOf(bytes), mediaType: index.mediaType, bytes, manifests }
}

function noSuchPlatform(index: IndexManifest, platform: Platform): RegistryError {
  const offered = index.manifests.flatMap((child) => (child.platform ? [formatPlatform(child.platform)] : []))
  return new RegistryError(
    'not-found',
    `${index.digest} has nothing for ${formatPlatform(platform)}; it has ${offered.join(', ')}`,
    { expected: formatPlatform(platform) },
  )
}

import { type Descriptor, isRecord } from '../../oci/descriptor.ts'
import type { Digest } from '../../oci/digest.ts'
import { parseJson } from '../../oci/json.ts'
import type { IndexManifest } from '../../oci/manifest.ts'
import { MEDIA_TYPE } from '../../oci/media-type.ts'
import { isAttestation, normalizePlatform, type Platform } from '../../oci/platform.ts'
import type { ManifestContent } from '../../registry/registry.ts'
import { aboutOf } from '../referrers/referrer.ts'

export interface MergedIndex extends ManifestContent {
  /** Children of the previous index that another image now replaces. */
  readonly replaced: readonly Descriptor[]
}

/**
 * The index with `descriptors` in it. An image takes the place of the one for the same os, architecture, variant and
 * os.version, and the attestations about that one go with it; every other child stays as it was written, and so does
 * every other field. Nothing is listed twice; of two of `descriptors` for one platform the last counts.
 */
export function mergeIndex(index: IndexManifest | undefined, descriptors: readonly Descriptor[]): MergedIndex {
  const given = new Map<Digest, Descriptor>()
  for (const each of descriptors) {
    given.delete(each.digest)
    given.set(each.digest, each)
  }
  const images = [...given.values()].filter((each) => !isAttestation(each))
  const platforms = new Map(images.flatMap((each) => (each.platform ? [[keyOf(each.platform), each]] : [])))
  const isReplaced = (child: Descriptor) => {
    const rival = child.platform && !isAttestation(child) ? platforms.get(keyOf(child.platform)) : undefined
    return rival !== undefined && rival.digest !== child.digest
  }
  const before = index?.manifests ?? []
  const replaced = before.filter(isReplaced)
  const isKept = outside(replaced)
  const added = [...given.values()].filter(outside(images.filter(isReplaced)))
  const present = new Set<Digest>(before.filter(isKept).map((child) => child.digest))
  const raw = rawManifests(index)
  const document = { schemaVersion: 2, mediaType: index?.mediaType ?? MEDIA_TYPE.ociIndex, ...raw.document }
  const kept = raw.manifests.filter((_, position) => {
    const child = before[position]
    return child !== undefined && isKept(child)
  })
  const fresh = added.filter((each) => !present.has(each.digest)).map(descriptorJson)
  const unchanged = index !== undefined && fresh.length === 0 && kept.length === before.length
  const bytes = unchanged ? index.bytes : Buffer.from(JSON.stringify({ ...document, manifests: [...kept, ...fresh] }))
  return { mediaType: document.mediaType, bytes, replaced }
}

/** Neither one of these nor an attestation about one. */
function outside(gone: readonly Descriptor[]): (child: Descriptor) => boolean {
  const digests = new Set<Digest | undefined>(gone.map((child) => child.digest))
  return (child) => !digests.has(child.digest) && !(isAttestation(child) && digests.has(aboutOf(child)))
}

function keyOf(platform: Platform): string {
  const { os, architecture, variant, osVersion } = normalizePlatform(platform)
  return [os, architecture, variant ?? '', osVersion ?? ''].join(' ')
}

function rawManifests(index: IndexManifest | undefined): {
  document: Record<string, unknown>
  manifests: readonly unknown[]
} {
  const document = index && parseJson(index.bytes)
  if (!isRecord(document)) return { document: {}, manifests: [] }
  return {
    document: { ...document, mediaType: index?.mediaType },
    manifests: Array.isArray(document.manifests) ? document.manifests : [],
  }
}

/** A descriptor as documents have it. */
function descriptorJson(descriptor: Descriptor): Record<string, unknown> {
  const { mediaType, digest, size, annotations, artifactType, platform, urls, data } = descriptor
  return {
    mediaType,
    digest,
    size,
    ...(artifactType && { artifactType }),
    ...(urls && { urls }),
    ...(annotations && { annotations: Object.fromEntries(annotations) }),
    ...(data !== undefined && { data }),
    ...(platform && { platform: platformJson(platform) }),
  }
}

function platformJson({ os, architecture, variant, osVersion, osFeatures }: Platform): Record<string, unknown> {
  return {
    architecture,
    os,
    ...(osVersion && { 'os.version': osVersion }),
    ...(osFeatures && { 'os.features': osFeatures }),
    ...(variant && { variant }),
  }
}

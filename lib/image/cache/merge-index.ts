import { type Descriptor, isRecord } from '../../oci/descriptor.ts'
import type { Digest } from '../../oci/digest.ts'
import { parseJson } from '../../oci/json.ts'
import type { IndexManifest } from '../../oci/manifest.ts'
import { MEDIA_TYPE } from '../../oci/media-type.ts'
import { isAttestation, normalizePlatform, type Platform } from '../../oci/platform.ts'
import type { ManifestContent } from '../../registry/registry.ts'
import { aboutOf } from '../referrer.ts'

export interface MergedIndex extends ManifestContent {
  /** Children of the index before that another image now stands for. */
  readonly replaced: readonly Descriptor[]
}

/**
 * The index with `descriptors` in it. An image takes the place of the one for the same os, architecture, variant and
 * os.version, and the attestations about that one go with it; every other child stays as it was written, and so does
 * every other field. Nothing is listed twice.
 */
export function mergeIndex(index: IndexManifest | undefined, descriptors: readonly Descriptor[]): MergedIndex {
  const added = [...new Map(descriptors.map((each) => [each.digest, each])).values()]
  const before = index?.manifests ?? []
  const platforms = new Map(
    added.flatMap((each) => (each.platform && !isAttestation(each) ? [[keyOf(each.platform), each]] : [])),
  )
  const replaced = before.filter((child) => {
    const rival = child.platform && !isAttestation(child) ? platforms.get(keyOf(child.platform)) : undefined
    return rival !== undefined && rival.digest !== child.digest
  })
  const gone = new Set<string>(replaced.map((child) => child.digest))
  const isKept = (child: Descriptor) =>
    !gone.has(child.digest) && !(isAttestation(child) && gone.has(aboutOf(child) ?? ''))
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
export function descriptorJson(descriptor: Descriptor): Record<string, unknown> {
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

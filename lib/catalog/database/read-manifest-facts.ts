import type { ImageType } from '../../filter/query.ts'
import { type Image, imageOf } from '../../image/inspect/image.ts'
import { imageSizes } from '../../image/inspect/image-sizes.ts'
import { summarizeManifest } from '../../image/inspect/summary.ts'
import { describeReferrer } from '../../image/referrers/referrer.ts'
import { describeArtifact } from '../../oci/artifact.ts'
import type { Descriptor } from '../../oci/descriptor.ts'
import { isProvenanceType } from '../../oci/known-types.ts'
import { labelsOf } from '../../oci/labels.ts'
import type { IndexManifest, Manifest } from '../../oci/manifest.ts'
import { formatPlatform, isAttestation, normalizePlatform, type Platform } from '../../oci/platform.ts'
import { mapConcurrent } from '../../registry/concurrent.ts'
import { isOutage } from '../../registry/errors.ts'
import type { CallOptions, Repository } from '../../registry/registry.ts'
import { rowSummary } from '../row-summary.ts'
import type { PlatformImageFacts, RecordedManifest } from './record-manifests.ts'
import { createdAt, storedSummary } from './stored-summary.ts'

/** Runnable children of an index that are read. What has more is recorded with the problem `too-many-platforms`. */
const MOST_PLATFORMS = 100
const MOST_ATTESTATIONS = 4

/**
 * What the catalog records of a manifest: the config of each platform image is read too. Over `cached(registry)`
 * nothing is requested twice. A child or config that can't be read makes it `incomplete`, not a failure.
 * @throws RegistryError for an outage
 */
export async function readManifestFacts(
  repository: Repository,
  manifest: Manifest,
  options: CallOptions = {},
): Promise<RecordedManifest> {
  const { images, problem, holds } =
    manifest.kind === 'index'
      ? await readChildren(repository, manifest, options)
      : await readSingle(repository, manifest, options)
  const summary = rowSummary(await summarizeManifest(repository, manifest.digest, options))
  throwOutage(summary.problem)
  const created = createdAt(summary)
  const artifactType = 'artifactType' in manifest ? manifest.artifactType : undefined
  return {
    digest: manifest.digest,
    mediaType: manifest.mediaType,
    type: typeOf(manifest),
    ...(artifactType !== undefined && { artifactType }),
    bytes: manifest.size,
    ...('subject' in manifest && manifest.subject && { subject: manifest.subject.digest }),
    ...(created !== undefined && { created }),
    ...(summary.size !== undefined && { size: summary.size }),
    summary: storedSummary(summary),
    ...(problem !== undefined && { problem }),
    ...(holds && { holds }),
    images,
  }
}

function typeOf(manifest: Manifest): ImageType {
  if (manifest.kind === 'schema1') return 'schema1'
  const { kind } = describeArtifact(manifest)
  return kind === 'image' || kind === 'index' || kind === 'helm' ? kind : 'artifact'
}

interface ReadImages extends Pick<RecordedManifest, 'holds'> {
  readonly images: readonly PlatformImageFacts[]
  readonly problem?: string
}

async function readSingle(repository: Repository, manifest: Manifest, options: CallOptions): Promise<ReadImages> {
  const image = await imageOf(repository, manifest, options)
  throwOutage(image.configError)
  return { images: [imageFacts(image)], ...(image.configError && { problem: 'config' }) }
}

async function readChildren(repository: Repository, index: IndexManifest, options: CallOptions): Promise<ReadImages> {
  const runnable = index.manifests.filter((child) => !isAttestation(child))
  const indexLabels = Array.from(index.annotations, ([key, value]) => ({
    key,
    value,
    origin: 'index-annotation' as const,
  }))
  let problem = runnable.length > MOST_PLATFORMS ? 'too-many-platforms' : undefined
  const images = await mapConcurrent(runnable.slice(0, MOST_PLATFORMS), async (child) => {
    const read = await readChild(repository, child, options)
    if (read.problem) problem ??= read.problem
    const entry = Array.from(child.annotations ?? [], ([key, value]) => ({
      key,
      value,
      origin: 'index-entry' as const,
    }))
    return { ...read.image, labels: [...read.image.labels, ...indexLabels, ...entry] }
  })
  // An index without runnable images is found by its own annotations.
  const own = { digest: index.digest, mediaType: index.mediaType, bytes: index.size, blobs: [], labels: indexLabels }
  const holds = await readHeld(repository, index.manifests.filter(isAttestation), options)
  return {
    images: images.length > 0 ? images : [own],
    ...(problem !== undefined && { problem }),
    ...(holds && { holds }),
  }
}

/** BuildKit makes one for each platform, and all alike: a few say what the index holds. */
async function readHeld(repository: Repository, attestations: readonly Descriptor[], options: CallOptions) {
  const holds = { sbom: false, provenance: false }
  for (const child of attestations.slice(0, MOST_ATTESTATIONS))
    try {
      const manifest = await repository.manifest(child.digest, options)
      const { sbom, predicateTypes } = describeReferrer('attestation-child', child, { manifest })
      holds.sbom ||= sbom
      holds.provenance ||= predicateTypes.some(isProvenanceType)
    } catch (error) {
      options.signal?.throwIfAborted()
      throwOutage(error)
      return undefined
    }
  return holds
}

async function readChild(
  repository: Repository,
  child: Descriptor,
  options: CallOptions,
): Promise<{ image: PlatformImageFacts; problem?: string }> {
  const platform = child.platform && platformName(child.platform)
  const known = { digest: child.digest, mediaType: child.mediaType, bytes: child.size, ...(platform && { platform }) }
  try {
    const image = await imageOf(repository, await repository.manifest(child.digest, options), options)
    throwOutage(image.configError)
    return { image: { ...imageFacts(image), ...known }, ...(image.configError && { problem: 'config' }) }
  } catch (error) {
    options.signal?.throwIfAborted()
    throwOutage(error)
    return { image: { ...known, blobs: [], labels: [] }, problem: 'child' }
  }
}

function imageFacts({ manifest, config }: Image): PlatformImageFacts {
  const sizes = imageSizes(manifest)
  const created = config?.created === undefined ? Number.NaN : Date.parse(config.created)
  const platform =
    config?.os && config.architecture
      ? platformName({ ...config, os: config.os, architecture: config.architecture })
      : undefined
  const layers = 'layers' in manifest ? manifest.layers : []
  const own = 'config' in manifest ? [manifest.config] : []
  return {
    digest: manifest.digest,
    mediaType: manifest.mediaType,
    bytes: manifest.size,
    ...(platform !== undefined && { platform }),
    // Go's zero time, and anything else before containers, is "not recorded".
    ...(created > 0 && { created }),
    ...(sizes && { size: sizes.distinct }),
    layers: layers.length,
    blobs: [...own, ...layers].map(({ digest, size }) => ({ digest, size })),
    labels: labelsOf(manifest, config).flatMap(({ key, value, origin, overrides }) => [
      { key, value, origin },
      ...(overrides === undefined ? [] : [{ key, value: overrides, origin: 'config' as const }]),
    ]),
  }
}

function platformName(platform: Platform): string | undefined {
  return platform.os === '' || platform.architecture === '' ? undefined : formatPlatform(normalizePlatform(platform))
}

function throwOutage(error: unknown): void {
  if (isOutage(error)) throw error
}

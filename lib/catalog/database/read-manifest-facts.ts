import { imageTypeOf } from '../../filter/image-type.ts'
import { type Image, imageOf } from '../../image/inspect/image.ts'
import { imageSizes } from '../../image/inspect/image-sizes.ts'
import { summarizeManifest } from '../../image/inspect/summary.ts'
import { describeReferrer } from '../../image/referrers/referrer.ts'
import { describeArtifact } from '../../oci/artifact.ts'
import { createdOf } from '../../oci/created.ts'
import type { Descriptor } from '../../oci/descriptor.ts'
import { blobsOf, childrenOf } from '../../oci/index-entries.ts'
import { isForeignLayer } from '../../oci/is-foreign-layer.ts'
import { isProvenanceType } from '../../oci/known-types.ts'
import { labelsOf } from '../../oci/labels.ts'
import type { IndexManifest, Manifest } from '../../oci/manifest.ts'
import { MAX_DEPTH } from '../../oci/max-depth.ts'
import { isIndexType } from '../../oci/media-type.ts'
import { formatPlatform, isAttestation, normalizePlatform, type Platform } from '../../oci/platform.ts'
import { mapConcurrent } from '../../registry/concurrent.ts'
import { isOutage } from '../../registry/errors.ts'
import type { CallOptions, Repository } from '../../registry/registry.ts'
import { rowSummary } from '../row-summary.ts'
import type { LabelOrigin } from './record-labels.ts'
import type { PlatformImageFacts, RecordedManifest } from './record-manifests.ts'
import { createdAt, storedSummary } from './stored-summary.ts'

/** Runnable children of an index that are read. What has more is recorded with the problem `too-many-platforms`. */
const MOST_PLATFORMS = 100
const MOST_ATTESTATIONS = 4
/** Annotations of an index that are labels of its images: there may be 100,000, once more for each of 100 images. */
const MOST_SHARED = 1_000
/** Indexes in an index that are read. */
const MOST_INDEXES = 100

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
  const { images, indexes, problem, holds } =
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
    type: imageTypeOf(describeArtifact(manifest).kind),
    ...(artifactType !== undefined && { artifactType }),
    bytes: manifest.size,
    ...('subject' in manifest && manifest.subject && { subject: manifest.subject.digest }),
    ...(created !== undefined && { created }),
    ...(summary.size !== undefined && { size: summary.size }),
    summary: storedSummary(summary),
    ...(problem !== undefined && { problem }),
    ...(holds && { holds }),
    images,
    ...(indexes && indexes.length > 0 && { indexes }),
  }
}

interface ReadImages extends Pick<RecordedManifest, 'holds' | 'indexes'> {
  readonly images: readonly PlatformImageFacts[]
  readonly problem?: string
}

async function readSingle(repository: Repository, manifest: Manifest, options: CallOptions): Promise<ReadImages> {
  const image = await imageOf(repository, manifest, options)
  throwOutage(image.configError)
  return { images: [imageFacts(image)], ...(image.configError && { problem: 'config' }) }
}

async function readChildren(repository: Repository, index: IndexManifest, options: CallOptions): Promise<ReadImages> {
  const { children, attestations, indexes } = await childrenIn(repository, index, options)
  const read = await mapConcurrent(children.slice(0, MOST_PLATFORMS), async ({ child, labels }) => {
    const { image, problem } = await readChild(repository, child, options)
    return { image: { ...image, labels: [...image.labels, ...labels] }, problem }
  })
  const problems = new Set(read.map(({ problem }) => problem))
  if (children.length > MOST_PLATFORMS) problems.add('too-many-platforms')
  const problem = PROBLEMS.find((each) => problems.has(each))
  // An index without runnable images is found by its own annotations, and holds what it lists.
  const own = {
    digest: index.digest,
    mediaType: index.mediaType,
    bytes: index.size,
    blobs: blobsOf(index).map(blobFacts),
    labels: annotationsAs('index-annotation', index.annotations),
  }
  const holds = await readHeld(repository, attestations, options)
  return {
    images: read.length > 0 ? read.map(({ image }) => image) : [own],
    indexes: indexes.map(({ digest, mediaType, size }) => ({ digest, mediaType, bytes: size })),
    ...(problem !== undefined && { problem }),
    ...(holds && { holds }),
  }
}

/** Of several the first is recorded: what could not be read shows in its images, and what is missing nowhere else. */
const PROBLEMS = ['too-many-platforms', 'child', 'config'] as const
type Problem = (typeof PROBLEMS)[number]

type Labels = PlatformImageFacts['labels']

interface IndexChildren {
  /** Runnable ones, with the labels that indexes give them. */
  readonly children: readonly { readonly child: Descriptor; readonly labels: Labels }[]
  readonly attestations: readonly Descriptor[]
  /** Those that have been read. */
  readonly indexes: readonly Descriptor[]
}

/**
 * The children of an index, and of those among them that are indexes themselves.
 * @param opened indexes that have been read, each once: an index may list the next a thousand times, and that the next
 */
async function childrenIn(
  repository: Repository,
  index: IndexManifest,
  options: CallOptions,
  depth = 0,
  opened = new Set([index.digest]),
): Promise<IndexChildren> {
  const entries = childrenOf(index)
  const shared = annotationsAs('index-annotation', index.annotations).slice(0, MOST_SHARED)
  const children: IndexChildren['children'][number][] = []
  const attestations = entries.filter(isAttestation)
  const indexes: Descriptor[] = []
  for (const child of entries) {
    if (isAttestation(child)) continue
    if (children.length > MOST_PLATFORMS) break
    const labels = [...shared, ...annotationsAs('index-entry', child.annotations)]
    const isOpen = isIndexType(child.mediaType) && depth < MAX_DEPTH && opened.size <= MOST_INDEXES
    if (isOpen && opened.has(child.digest)) continue
    const nested = isOpen ? await readNested(repository, child, options) : undefined
    if (!nested) {
      children.push({ child, labels })
      continue
    }
    opened.add(child.digest)
    const inner = await childrenIn(repository, nested, options, depth + 1, opened)
    attestations.push(...inner.attestations)
    indexes.push(child, ...inner.indexes)
    children.push(...inner.children.map((each) => ({ ...each, labels: distinctLabels([...each.labels, ...labels]) })))
  }
  return { children, attestations, indexes }
}

/** Undefined if it can't be read: it stays a child that can't be. */
async function readNested(repository: Repository, child: Descriptor, options: CallOptions) {
  try {
    const manifest = await repository.manifest(child.digest, options)
    return manifest.kind === 'index' ? manifest : undefined
  } catch (error) {
    options.signal?.throwIfAborted()
    throwOutage(error)
    return undefined
  }
}

function annotationsAs(origin: LabelOrigin, annotations: Descriptor['annotations']): Labels {
  return Array.from(annotations ?? [], ([key, value]) => ({ key, value, origin }))
}

function distinctLabels(labels: Labels): Labels {
  return [...new Map(labels.map((label) => [JSON.stringify([label.key, label.value, label.origin]), label])).values()]
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
): Promise<{ image: PlatformImageFacts; problem?: Problem }> {
  const platform = child.platform && platformName(child.platform)
  const known = { digest: child.digest, mediaType: child.mediaType, bytes: child.size, ...(platform && { platform }) }
  const unread = { image: { ...known, blobs: [], labels: [] }, problem: 'child' } as const
  try {
    const manifest = await repository.manifest(child.digest, options)
    // Indexes in indexes are followed only so far.
    if (manifest.kind === 'index') return unread
    const image = await imageOf(repository, manifest, options)
    throwOutage(image.configError)
    return { image: { ...imageFacts(image), ...known }, ...(image.configError && { problem: 'config' }) }
  } catch (error) {
    options.signal?.throwIfAborted()
    throwOutage(error)
    return unread
  }
}

function imageFacts({ manifest, config, configError }: Image): PlatformImageFacts {
  const sizes = imageSizes(manifest)
  const created = Date.parse(createdOf(manifest, config) ?? '')
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
    // Without them it is known as unread.
    ...(!configError && { layers: layers.length }),
    blobs: [...own, ...layers].map(blobFacts),
    labels: labelsOf(manifest, config).flatMap(({ key, value, origin, overrides }) => [
      { key, value, origin },
      ...(overrides === undefined ? [] : [{ key, value: overrides, origin: 'config' as const }]),
    ]),
  }
}

function blobFacts(descriptor: Descriptor): PlatformImageFacts['blobs'][number] {
  const { digest, size } = descriptor
  return { digest, size, ...(isForeignLayer(descriptor) && { isForeign: true }) }
}

function platformName(platform: Platform): string | undefined {
  return platform.os === '' || platform.architecture === '' ? undefined : formatPlatform(normalizePlatform(platform))
}

function throwOutage(error: unknown): void {
  if (isOutage(error)) throw error
}

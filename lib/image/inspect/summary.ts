import { describeArtifact } from '../../oci/artifact.ts'
import { createdOf } from '../../oci/created.ts'
import type { Digest } from '../../oci/digest.ts'
import { type Label, labelsOf } from '../../oci/labels.ts'
import type { IndexManifest, Manifest } from '../../oci/manifest.ts'
import { formatPlatform } from '../../oci/platform.ts'
import type { Selector, Tag } from '../../oci/reference.ts'
import type { CallOptions, Repository } from '../../registry/registry.ts'
import { listedManifests } from '../platform/platform-leaf.ts'
import { resolvePath } from '../platform/resolve-platform.ts'
import { type Image, imageOf } from './image.ts'
import { imageSizes } from './image-sizes.ts'

/** One row of a repository's table of tags. */
export interface TagSummary {
  readonly tag: Tag
  readonly digest: Digest
  readonly mediaType: string
  readonly kind: Manifest['kind']
  /** Its kind, if it's neither a plain image nor an index: `Helm chart`. */
  readonly artifact?: string
  /** As `linux/arm64/v8`, in the order of the index; attestations are left out. */
  readonly platforms: readonly string[]
  /** How many attestation manifests the index carries beside its platforms. */
  readonly attestations: number
  /** Compressed bytes of the config and the layers as they are stored: each distinct blob once. Absent for schema 1. */
  readonly size?: number
  /** For an index: whose `size`, `created` and `labels` these are. */
  readonly sizePlatform?: string
  /** RFC 3339, as the config has it. */
  readonly created?: string
  readonly labels: readonly Label[]
  /** Bytes of the manifest itself. */
  readonly manifestBytes: number
  /** Why some of the above is missing: a config, a child or an index inside the index couldn’t be read. */
  readonly problem?: Error
}

/**
 * Summarizes a tag for a table: one GET of the manifest, one of the config, and for an index one more of the child for
 * linux/amd64 (else its first). Over `cached(registry)` what is shared between tags is fetched once.
 * @throws RegistryError, FormatError when the manifest itself cannot be read
 */
export async function summarizeTag(repository: Repository, tag: Tag, options?: CallOptions): Promise<TagSummary> {
  return { tag, ...(await summarizeManifest(repository, tag, options)) }
}

/** The same for a manifest by any reference. @throws RegistryError, FormatError when the manifest can't be read */
export async function summarizeManifest(
  repository: Repository,
  reference: Selector,
  { signal }: CallOptions = {},
): Promise<Omit<TagSummary, 'tag'>> {
  const options = { signal }
  const manifest = await repository.manifest(reference, options)
  const summary = {
    digest: manifest.digest,
    mediaType: manifest.mediaType,
    kind: manifest.kind,
    manifestBytes: manifest.size,
  }
  if (manifest.kind === 'index') return { ...summary, ...(await summarizeIndex(repository, manifest, options)) }
  const image = await imageOf(repository, manifest, options)
  const artifact = describeArtifact(manifest)
  const platform = platformOf(image)
  return {
    ...summary,
    ...(artifact.kind !== 'image' && artifact.kind !== 'schema1' && { artifact: artifact.title }),
    platforms: platform ? [platform] : [],
    attestations: 0,
    ...contentOf(image),
  }
}

async function summarizeIndex(repository: Repository, index: IndexManifest, options: CallOptions) {
  const { runnable, attestations, problem } = await listedManifests(repository, index, options)
  const artifact = describeArtifact(index)
  const summary = {
    ...(artifact.kind !== 'index' && { artifact: artifact.title }),
    platforms: [...new Set(runnable.flatMap((child) => (child.platform ? [formatPlatform(child.platform)] : [])))],
    attestations: attestations.length,
    labels: [] as readonly Label[],
    ...(problem && { problem }),
  }
  const size = imageSizes(index)?.distinct
  if (runnable.length === 0) return { ...summary, ...(size !== undefined && { size }) }
  try {
    const chosen = await resolvePath(repository, index, undefined, options)
    const image = await imageOf(repository, chosen.image, options)
    const platform = chosen.platform ? formatPlatform(chosen.platform) : platformOf(image)
    // An entry without a platform runs on the one that its config names.
    const own = !chosen.platform && platform && !summary.platforms.includes(platform) ? [platform] : []
    return {
      ...summary,
      platforms: [...summary.platforms, ...own],
      ...contentOf(image),
      ...(platform && { sizePlatform: platform }),
    }
  } catch (error) {
    options.signal?.throwIfAborted()
    return { ...summary, problem: error instanceof Error ? error : new Error(String(error)) }
  }
}

function contentOf({ manifest, config, configError }: Image) {
  const size = imageSizes(manifest)?.distinct
  const created = createdOf(manifest, config)
  return {
    ...(size !== undefined && { size }),
    ...(created && { created }),
    labels: labelsOf(manifest, config),
    ...(configError && { problem: configError }),
  }
}

/** The config's values, if any: cosign and Helm leave both fields empty. */
function platformOf({ config }: Image): string | undefined {
  const isUnknown = !config || (config.os === 'unknown' && config.architecture === 'unknown')
  return isUnknown ? undefined : formatPlatform(config)
}

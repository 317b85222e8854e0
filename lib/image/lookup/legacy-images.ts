import type { Manifest, Schema1Manifest } from '../../oci/manifest.ts'
import { isImageConfigType } from '../../oci/media-type.ts'
import type { Tag } from '../../oci/reference.ts'
import { generateLegacyLayers, type LegacyLayer } from '../../oci/schema1/legacy-layers.ts'
import { v1CompatibleManifest } from '../../oci/schema1/v1-compatible-manifest.ts'
import { isRegistryError } from '../../registry/errors.ts'
import type { ListEnd } from '../../registry/listing.ts'
import type { CallOptions, Repository } from '../../registry/registry.ts'
import { readIfPresent } from '../graph/scan-tags.ts'
import { resolvePlatform } from '../platform/resolve-platform.ts'

/** A tag's image as Docker before 1.10 knew it. */
export interface LegacyImage {
  readonly tag: Tag
  /** The v1 id of the leaf, which names the image. */
  readonly id: string
  /** The ids below it, leaf's parent → base. */
  readonly parents: readonly string[]
}

/**
 * The v1 images of a repository's tags, one by one as they are asked for. Tags whose manifest has none (artifacts, an
 * index without linux/amd64, layers kept elsewhere) are passed over.
 */
export async function* legacyImages(
  repository: Repository,
  { signal }: CallOptions = {},
): AsyncGenerator<LegacyImage, ListEnd, void> {
  const options = { signal }
  const listing = repository.tags(options)
  for (let next = await listing.next(); ; next = await listing.next()) {
    if (next.done) return next.value
    const found = await v1Chain(repository, next.value, options)
    const [leaf, ...parents] = found?.chain ?? []
    if (leaf?.id) yield { tag: next.value, id: leaf.id, parents: parents.map(({ id }) => id) }
  }
}

/**
 * The image as a schema 1 manifest, signed with a key of its own; undefined where it has no such form.
 * @throws RegistryError, FormatError
 */
export function v1ManifestOf(
  repository: Repository,
  manifest: Manifest,
  tag: Tag,
  { signal }: CallOptions = {},
): Promise<Schema1Manifest | undefined> {
  const options = { signal }
  return v1CompatibleManifest(manifest, {
    name: repository.name,
    tag,
    manifest: ({ digest }) => readIfPresent(repository, digest, options),
    blob: ({ digest }) => absentAsUndefined(repository.blobBytes(digest, options)),
  })
}

/** The v1 images of a tag, leaf → base, and the manifest that has them; undefined if there isn't one. */
export async function v1Chain(
  repository: Repository,
  tag: Tag,
  options: CallOptions,
): Promise<{ readonly manifest: Manifest; readonly chain: readonly LegacyLayer[] } | undefined> {
  const found = await readIfPresent(repository, tag, options)
  const manifest = found && (await absentAsUndefined(resolvePlatform(repository, found, undefined, options)))
  const layers = manifest && generateLegacyLayers(manifest, await configBytes(repository, manifest, options), new Map())
  return layers && { manifest, chain: layers.toReversed() }
}

async function configBytes(
  repository: Repository,
  manifest: Manifest,
  options: CallOptions,
): Promise<Uint8Array | undefined> {
  const isImage = manifest.kind === 'oci-image' || manifest.kind === 'schema2'
  if (!isImage || !isImageConfigType(manifest.config.mediaType)) return undefined
  return repository.blobBytes(manifest.config.digest, options)
}

async function absentAsUndefined<T>(promise: Promise<T>): Promise<T | undefined> {
  try {
    return await promise
  } catch (error) {
    if (isRegistryError(error, 'not-found', 'missing-content')) return undefined
    throw error
  }
}

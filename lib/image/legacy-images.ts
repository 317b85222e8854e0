import { legacyImageIds } from '../oci/legacy-image-ids.ts'
import type { Manifest, Schema1Manifest } from '../oci/manifest.ts'
import { isImageConfigType } from '../oci/media-type.ts'
import type { Tag } from '../oci/reference.ts'
import { v1CompatibleManifest } from '../oci/v1-compatible-manifest.ts'
import { isRegistryError } from '../registry/errors.ts'
import type { ListEnd } from '../registry/listing.ts'
import type { CallOptions, Repository } from '../registry/registry.ts'
import { readIfPresent } from './scan-tags.ts'
import { resolvePlatform } from './select-platform.ts'

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
  const options = { ...(signal && { signal }) }
  const listing = repository.tags(options)
  for (let next = await listing.next(); ; next = await listing.next()) {
    if (next.done) return next.value
    const ids = await idsOf(repository, next.value, options)
    const id = ids?.at(-1)
    if (ids && id) yield { tag: next.value, id, parents: ids.slice(0, -1).reverse() }
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
  const options = { ...(signal && { signal }) }
  return v1CompatibleManifest(manifest, {
    name: repository.name,
    tag,
    manifest: ({ digest }) => readIfPresent(repository, digest, options),
    blob: ({ digest }) => absentAsUndefined(repository.blobBytes(digest, options)),
  })
}

async function idsOf(repository: Repository, tag: Tag, options: CallOptions): Promise<string[] | undefined> {
  const found = await repository.manifest(tag, options)
  const manifest = await absentAsUndefined(resolvePlatform(repository, found, undefined, options))
  if (manifest?.kind === 'schema1') return legacyImageIds(manifest)
  if (manifest?.kind !== 'oci-image' && manifest?.kind !== 'schema2') return undefined
  if (!isImageConfigType(manifest.config.mediaType)) return undefined
  return legacyImageIds(manifest, await repository.blobBytes(manifest.config.digest, options))
}

async function absentAsUndefined<T>(promise: Promise<T>): Promise<T | undefined> {
  try {
    return await promise
  } catch (error) {
    if (isRegistryError(error, 'not-found', 'missing-content')) return undefined
    throw error
  }
}

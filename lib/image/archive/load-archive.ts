import type { Readable } from 'node:stream'
import type { Digest } from '../../oci/digest.ts'
import { FormatError } from '../../oci/format-error.ts'
import { isTag, parseFullReference, type Tag } from '../../oci/reference.ts'
import { isRegistryError } from '../../registry/errors.ts'
import type { CallOptions, Repository } from '../../registry/registry.ts'
import { digestAt } from '../graph/digest-at.ts'
import { type DecompressLimits, decompress } from '../tar/decompress.ts'
import { readTar } from '../tar/read-tar.ts'
import { contentsOf, type PassedOver } from './archive-images.ts'
import { ArchiveIntake, type ArchiveLimits } from './archive-intake.ts'
import { ArchiveLoader, type Gaps } from './archive-loader.ts'
import { ArchivedManifests } from './archived-manifests.ts'
import { checkTargetTags, nameOf, type PlacedImage, placeImage } from './check-target-tags.ts'
import type { LoadPlace } from './load-place.ts'

export interface LoadOptions extends CallOptions {
  /**
   * The destination of an image, by its name in the archive (`docker.io/library/alpine:3.20`, `3.20`, or nothing).
   * Default: the tag of the name, in the repository that is loaded into. Other repositories must be of the same
   * registry.
   */
  readonly place?: (name: string | undefined) => LoadPlace | Promise<LoadPlace>
  /** Whether tags that exist may be moved. Default false. */
  readonly overwrite?: boolean
  /**
   * Called before a tag is moved to save its target; the returned function is called afterwards. The tag is not moved
   * when it throws.
   */
  readonly keep?: (repository: Repository, tag: Tag, before: Digest, after: Digest) => Promise<Moved>
  /** Limits for unpacking the archive. */
  readonly limits?: DecompressLimits & ArchiveLimits
}

/** @param now what the tag points at since */
type Moved = (now: Digest) => Promise<void>

export interface LoadedImage {
  readonly repository: Repository
  /** Absent where the archive gives no name, or one that no tag can have: it is there by its digest. */
  readonly tag?: Tag
  readonly digest: Digest
  readonly mediaType: string
  readonly size: number
  /** Its name in the archive. */
  readonly name?: string
  /**
   * Children that an index lists and the archive lacks. Where the registry insists on them, the index was cut down to
   * those present.
   */
  readonly missing: readonly Digest[]
}

export interface LoadedArchive {
  readonly images: readonly LoadedImage[]
  /** Entries of the archive that were skipped: not images, or of a kind that the registry doesn't take. */
  readonly passedOver: readonly PassedOver[]
}

/**
 * Loads an OCI archive or one of `docker save`, plain, gzip or zstd, in one pass and in constant memory, whatever the
 * order of its files: content goes straight to `repository`, then children, then indexes, tags last. Content that is
 * there already is skipped where its digest is known beforehand. No tag is written until the whole archive has been
 * read, and what all of its images need is there.
 * @throws FormatError `tar`, `archive`; RegistryError `missing-content`, `digest-mismatch`, `too-large`, `exists` also
 *   when two of its images would have one name, `conflict` when a tag was moved meanwhile
 */
export async function loadArchive(
  repository: Repository,
  source: Readable,
  options: LoadOptions = {},
): Promise<LoadedArchive> {
  const { signal, limits, overwrite = false } = options
  const call = { signal }
  const intake = new ArchiveIntake(repository, { ...call, ...limits })
  for await (const file of readTar(decompress(source, limits))) {
    signal?.throwIfAborted()
    await intake.accept(file)
  }
  const place = options.place ?? ((name) => ({ repository, ...tagIn(name) }))
  const archived = new ArchivedManifests(intake, repository, call)
  const contents = await contentsOf(intake, archived, repository, call)
  if (contents.images.length === 0) throw nothingToLoad(contents.passedOver)
  const images = []
  for (const image of contents.images) images.push(placeImage(image, await place(image.name)))
  const found = await checkTargetTags(images, overwrite, call)
  const loader = new ArchiveLoader(repository, intake, archived, call)
  const whole: (PlacedImage & { gaps: Gaps })[] = []
  for (const image of images) whole.push({ ...image, gaps: await loader.provide(image.repository, image.manifest) })
  const loaded: LoadedImage[] = []
  const passedOver = [...contents.passedOver]
  for (const image of whole) {
    const put = await putImage(loader, image, found.get(nameOf(image)), { ...call, keep: options.keep })
    if ('reason' in put) passedOver.push(put)
    else loaded.push(put)
  }
  if (loaded.length === 0) throw nothingToLoad(passedOver)
  return { images: loaded, passedOver }
}

function nothingToLoad(passedOver: readonly PassedOver[]): FormatError {
  const reasons = [...new Set(passedOver.map(({ reason }) => reason))].join('; ')
  return new FormatError('archive', reasons || 'an empty list', 'at least one image that can be loaded')
}

/** The tag that a name in an archive ends with; none where no registry could use the name (`1.0+b1`). */
export function tagIn(name: string | undefined): { tag?: Tag } {
  if (!name) return {}
  if (isTag(name)) return { tag: name }
  try {
    const { tag } = parseFullReference(name)
    return tag ? { tag } : {}
  } catch (error) {
    if (error instanceof FormatError) return {}
    throw error
  }
}

async function putImage(
  loader: ArchiveLoader,
  { manifest, name, repository, tag, gaps }: PlacedImage & { gaps: Gaps },
  found: Digest | undefined,
  { keep, ...options }: CallOptions & Pick<LoadOptions, 'keep'>,
): Promise<LoadedImage | PassedOver> {
  const named = name ? { name } : {}
  try {
    // The archive may have taken long: the tag must still point at its initial target.
    const expect = { ...options, ...(tag && { expect: found ?? null }) }
    const moved = tag && found && found !== manifest.digest && (await keep?.(repository, tag, found, manifest.digest))
    const { digest, mediaType, size } = await loader.put(repository, tag ?? manifest.digest, manifest, gaps, expect)
    if (moved) await moved(digest)
    return { repository, digest, mediaType, size, missing: gaps.all, ...(tag && { tag }), ...named }
  } catch (error) {
    const { digest, mediaType, size } = manifest
    if (manifest.kind === 'unknown' && isRegistryError(error, 'invalid', 'unsupported'))
      return { digest, mediaType, ...named, reason: error.message }
    // The same image twice under one name, or put there by somebody else in the meantime, is fine.
    const isDone = isRegistryError(error, 'conflict') && tag && (await digestAt(repository, tag, options)) === digest
    if (isDone) return { repository, digest, mediaType, size, missing: gaps.all, tag, ...named }
    throw error
  }
}

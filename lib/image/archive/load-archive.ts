import type { Readable } from 'node:stream'
import type { Digest } from '../../oci/digest.ts'
import { isTag, parseFullReference, type Tag } from '../../oci/reference.ts'
import { isRegistryError } from '../../registry/errors.ts'
import type { CallOptions, Repository } from '../../registry/registry.ts'
import { digestAt } from '../digest-at.ts'
import { type DecompressLimits, decompress } from '../tar/decompress.ts'
import { readTar } from '../tar/read-tar.ts'
import { imagesOf } from './archive-images.ts'
import { ArchiveIntake, type ArchiveLimits } from './archive-intake.ts'
import { ArchiveLoader, type Gaps } from './archive-loader.ts'
import { lookAtTags, nameOf, type PlacedImage } from './look-at-tags.ts'

export interface LoadOptions extends CallOptions {
  /**
   * Where an image goes, by what the archive calls it (`docker.io/library/alpine:3.20`, `3.20`, or nothing). Default:
   * the tag of the name, in the repository that is loaded into. Other repositories must be of the same registry.
   */
  readonly place?: (name: string | undefined) => LoadPlace
  /** Whether tags that exist may be moved. Default false. */
  readonly overwrite?: boolean
  /** Called with the bytes read of the archive, as it comes, since the last call. */
  readonly onProgress?: (bytes: number) => void
  /** What unpacking the archive may cost. */
  readonly limits?: DecompressLimits & ArchiveLimits
}

export interface LoadPlace {
  readonly repository: Repository
  readonly tag?: Tag
}

export interface LoadedImage {
  readonly repository: Repository
  readonly tag?: Tag
  readonly digest: Digest
  readonly mediaType: string
  readonly size: number
  readonly name?: string
  /**
   * Children that an index lists and the archive lacks. Where the registry insists on them, the index was cut down to
   * those present.
   */
  readonly missing: readonly Digest[]
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
): Promise<LoadedImage[]> {
  const { signal, onProgress, limits, overwrite = false } = options
  const call = { ...(signal && { signal }) }
  const unpacking = { ...limits, ...(onProgress && { onRead: onProgress }) }
  const intake = new ArchiveIntake(repository, { ...call, ...limits })
  for await (const file of readTar(decompress(source, unpacking))) {
    signal?.throwIfAborted()
    await intake.accept(file)
  }
  const place = options.place ?? ((name) => ({ repository, ...tagIn(name) }))
  const images = (await imagesOf(intake, repository, call)).map((image) => ({ ...image, ...place(image.name) }))
  const found = await lookAtTags(images, overwrite, call)
  const loader = new ArchiveLoader(repository, intake, call)
  const whole: (PlacedImage & { gaps: Gaps })[] = []
  for (const image of images) whole.push({ ...image, gaps: await loader.provide(image.repository, image.manifest) })
  const loaded: LoadedImage[] = []
  for (const image of whole) loaded.push(await putImage(loader, image, found.get(nameOf(image)), call))
  return loaded
}

/** The tag that a name in an archive ends with. */
export function tagIn(name: string | undefined): { tag?: Tag } {
  if (!name) return {}
  if (isTag(name)) return { tag: name }
  const { tag } = parseFullReference(name)
  return tag ? { tag } : {}
}

async function putImage(
  loader: ArchiveLoader,
  { manifest, name, repository, tag, gaps }: PlacedImage & { gaps: Gaps },
  found: Digest | undefined,
  options: CallOptions,
): Promise<LoadedImage> {
  const { digest, mediaType, size } = await loader
    // The archive may have taken long: what the tag pointed at in the beginning has to be there still.
    .put(repository, tag ?? manifest.digest, manifest, gaps, { ...options, ...(tag && { expect: found ?? null }) })
    .catch(async (error: unknown) => {
      // One image under one name twice, or put there by another in the meantime: it is as it should be.
      const isDone = isRegistryError(error, 'conflict') && tag && (await digestAt(repository, tag, options))
      if (isDone !== manifest.digest) throw error
      return manifest
    })
  return { repository, digest, mediaType, size, missing: gaps.all, ...(tag && { tag }), ...(name && { name }) }
}

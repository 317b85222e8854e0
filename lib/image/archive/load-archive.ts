import type { Readable } from 'node:stream'
import { isRecord } from '../../oci/descriptor.ts'
import type { Digest } from '../../oci/digest.ts'
import { digestOf } from '../../oci/digester.ts'
import { parseJson } from '../../oci/json.ts'
import type { IndexManifest, Manifest } from '../../oci/manifest.ts'
import { isTag, parseFullReference, type Tag } from '../../oci/reference.ts'
import { isRegistryError, RegistryError } from '../../registry/errors.ts'
import type { CallOptions, Repository } from '../../registry/registry.ts'
import { copyBlob } from '../copy-blob.ts'
import { digestAt } from '../digest-at.ts'
import { edgesOf } from '../edges.ts'
import { type DecompressLimits, decompress } from '../tar/decompress.ts'
import { readTar } from '../tar/read-tar.ts'
import { type ArchiveImage, imagesOf } from './archive-images.ts'
import { ArchiveIntake, type ArchiveLimits } from './archive-intake.ts'

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
 * there already is skipped where its digest is known beforehand. Nothing is named until the whole archive has been
 * read and found right.
 * @throws FormatError `tar`, `archive`; RegistryError `missing-content`, `digest-mismatch`, `too-large`, `exists`
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
  if (!overwrite) for (const image of images) await expectFree(image, call)
  const loader = new Loader(repository, intake, call)
  const loaded: LoadedImage[] = []
  for (const image of images) loaded.push(await loader.load(image))
  return loaded
}

/** The tag that a name in an archive ends with. */
export function tagIn(name: string | undefined): { tag?: Tag } {
  if (!name) return {}
  if (isTag(name)) return { tag: name }
  const { tag } = parseFullReference(name)
  return tag ? { tag } : {}
}

class Loader {
  #staging: Repository
  #intake: ArchiveIntake
  #options: CallOptions

  constructor(staging: Repository, intake: ArchiveIntake, options: CallOptions) {
    this.#staging = staging
    this.#intake = intake
    this.#options = options
  }

  async load({ manifest, name, repository, tag }: ArchiveImage & LoadPlace): Promise<LoadedImage> {
    const missing: Digest[] = []
    const { digest, mediaType, size } = await this.#put(repository, manifest, tag, missing, 0)
    return { repository, digest, mediaType, size, missing, ...(tag && { tag }), ...(name && { name }) }
  }

  async #put(repository: Repository, manifest: Manifest, tag: Tag | undefined, missing: Digest[], depth: number) {
    if (depth > 6) throw new RegistryError('malformed', `${manifest.digest} nests indexes more than 6 deep`)
    const absent = new Set<Digest>()
    for (const { descriptor, to } of edgesOf(manifest)) {
      if (to === 'manifest') {
        const child = this.#intake.manifests.get(descriptor.digest)
        if (child) await this.#put(repository, child, undefined, missing, depth + 1)
        else if (!(await digestAt(repository, descriptor.digest, this.#options))) absent.add(descriptor.digest)
      } else if (!descriptor.urls?.length) await this.#provide(repository, descriptor.digest)
    }
    missing.push(...absent)
    try {
      return await repository.putManifest(tag ?? manifest.digest, manifest, this.#options)
    } catch (error) {
      if (
        manifest.kind !== 'index' ||
        absent.size === 0 ||
        !isRegistryError(error, 'missing-content', 'invalid', 'not-found')
      )
        throw error
      const present = without(manifest, absent)
      return await repository.putManifest(tag ?? digestOf(present.bytes), present, this.#options)
    }
  }

  /** Blobs were put where the archive is loaded to; an image may go to another repository. */
  async #provide(repository: Repository, digest: Digest): Promise<void> {
    if (await repository.statBlob(digest, this.#options)) return
    const known = this.#intake.manifests.get(digest)
    if (known) {
      // A document that looks like a manifest, and is the content of an artifact.
      await repository.putBlob(known.bytes, { ...this.#options, digest })
      return
    }
    const size = (await this.#staging.statBlob(digest, this.#options))?.size
    if (size === undefined)
      throw new RegistryError('missing-content', `the archive does not hold ${digest}, which one of its images needs`, {
        expected: digest,
      })
    await copyBlob(this.#staging, repository, { digest, size, mediaType: '' }, { ...this.#options, mount: true })
  }
}

function without(index: IndexManifest, absent: ReadonlySet<Digest>) {
  const document = parseJson(index.bytes)
  const manifests = isRecord(document) && Array.isArray(document.manifests) ? document.manifests : []
  const kept = manifests.filter((_, position) => !absent.has(index.manifests[position]?.digest ?? ('' as Digest)))
  return {
    mediaType: index.mediaType,
    bytes: Buffer.from(JSON.stringify({ ...(isRecord(document) ? document : {}), manifests: kept })),
  }
}

async function expectFree(
  { repository, tag, manifest }: ArchiveImage & LoadPlace,
  options: CallOptions,
): Promise<void> {
  const found = tag && (await digestAt(repository, tag, options))
  if (!found || found === manifest.digest) return
  throw new RegistryError(
    'exists',
    `${repository.name}:${tag} exists and is another image: load it again with permission to overwrite`,
    {
      host: repository.registry.location,
      repository: repository.name,
      expected: manifest.digest,
      found,
    },
  )
}

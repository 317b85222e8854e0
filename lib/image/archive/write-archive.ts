import type { Readable } from 'node:stream'
import { type Descriptor, UNKNOWN_SIZE } from '../../oci/descriptor.ts'
import { type Digest, isDigest } from '../../oci/digest.ts'
import { FormatError } from '../../oci/format-error.ts'
import type { ImageManifest, Manifest } from '../../oci/manifest.ts'
import { MEDIA_TYPE } from '../../oci/media-type.ts'
import type { Platform } from '../../oci/platform.ts'
import { parseFullReference, type Selector } from '../../oci/reference.ts'
import { isRegistryError, RegistryError } from '../../registry/errors.ts'
import type { CallOptions, ManifestContent, Repository } from '../../registry/registry.ts'
import { type CopyPlan, planCopy } from '../copy/copy-plan.ts'
import { encryptedLayer, isContainerImage } from '../platform/container-image.ts'
import { type FilteredIndex, filterPlatforms } from '../platform/filter-platforms.ts'
import { resolvePlatform } from '../platform/resolve-platform.ts'
import { blobPath, dockerManifest, documentMember } from './archive-documents.ts'
import { type ArchiveMember, archiveSize, archiveStream } from './archive-stream.ts'
import { schema1Members } from './schema1-members.ts'

export interface Archive {
  /**
   * The digest that the archive names: differs from the source's if only some platforms were requested. For a schema 1
   * image, which is converted, the source's.
   */
  readonly digest: Digest
  /** Bytes of the whole archive, known before it is read. */
  readonly size: number
  /** A tar. A wrong blob is an error of the stream, never a wrong archive. */
  readonly stream: Readable
  /** Foreign layers that the source doesn't have, and that therefore aren't included. */
  readonly foreignLayers: readonly Descriptor[]
  /** Attestations about the requested platforms that the source lists but doesn't have. */
  readonly leftOut: readonly Descriptor[]
}

export interface OciArchiveOptions extends CallOptions {
  /**
   * The name inside: `registry.example.com/team/app:1.4`; without a tag it is `latest`. Default: what a pull command
   * says; none for a digest.
   */
  readonly name?: string
  /** Of an index only these; default all. A single one gives its own manifest, several an index cut down to them. */
  readonly platforms?: readonly Platform[]
}

export interface DockerArchiveOptions extends CallOptions {
  readonly name?: string
  /** Of an index this one; default linux/amd64. */
  readonly platform?: Platform
}

/**
 * An image, index or artifact as a tar of an OCI layout, written as a stream in constant memory: for `skopeo copy
 * oci-archive:`, `podman load`, `docker load`. Documents come first, so that it can be read in one pass; every byte is
 * as in the registry, layers stay compressed. For `docker load` before version 25, a `manifest.json` names the image
 * (of an index: the one for linux/amd64, where there is one).
 * @throws RegistryError `not-found`, `unsupported` for schema 1, `missing-content` when the source is not whole
 */
export async function writeOciArchive(
  repository: Repository,
  reference: Selector,
  { name, platforms, signal }: OciArchiveOptions = {},
): Promise<Archive> {
  const options = { signal }
  const found = await repository.manifest(reference, options)
  const only = platforms?.length === 1 ? platforms[0] : undefined
  // One image is its own manifest, which may be signed, and which skopeo takes on any architecture.
  const root = only && found.kind === 'index' ? await resolvePlatform(repository, found, only, options) : found
  const filtered =
    root.kind === 'index' && platforms ? await filterPlatforms(repository, root, platforms, options) : undefined
  const named = root.kind === 'index' ? { ...root, ...(filtered && { manifests: filtered.manifests }) } : root
  const image = await imageIn(repository, named, options)
  const plan = await planCopy(repository, root, { ...options, ...(filtered && { children: filtered.manifests }) })
  return makeArchive(repository, root, plan, {
    ...options,
    name: nameInside(repository, reference, name),
    ...(filtered && { filtered }),
    ...(image && { image }),
  })
}

/**
 * One image as `docker save` writes it: for `docker load`, `podman load`, `skopeo copy docker-archive:`; being an OCI
 * layout too, also for what reads those. Layers stay compressed, which all of them take. A schema 1 image is converted
 * as Docker converts it, and then isn't a layout.
 * @throws RegistryError `unsupported` for anything but a container image, and for an encrypted one, `missing-content` for foreign layers that
 *   are not here
 */
export async function writeDockerArchive(
  repository: Repository,
  reference: Selector,
  { name, platform, signal }: DockerArchiveOptions = {},
): Promise<Archive> {
  const options = { signal }
  const image = await resolvePlatform(repository, await repository.manifest(reference, options), platform, options)
  const named = { ...options, name: nameInside(repository, reference, name) }
  if (image.kind === 'schema1') return archiveOf(image.digest, await schema1Members(repository, image, named))
  if (!isContainerImage(image))
    throw refuse(repository, 'unsupported', `${image.digest} isn’t a container image: use an OCI archive instead`)
  const encrypted = encryptedLayer(image)
  if (encrypted)
    throw refuse(
      repository,
      'unsupported',
      `the layer ${encrypted.digest} is encrypted, which docker load can’t read: use an OCI archive instead`,
    )
  const plan = await planCopy(repository, image, options)
  const foreign = plan.foreignLayers[0]
  if (foreign)
    throw refuse(
      repository,
      'missing-content',
      `the layer ${foreign.digest} is stored elsewhere, and docker load needs it: use an OCI archive instead`,
    )
  return makeArchive(repository, image, plan, { ...named, image })
}

interface ArchiveContent extends CallOptions {
  readonly name: string | undefined
  readonly filtered?: FilteredIndex
  /** The name in `manifest.json`. */
  readonly image?: ImageManifest
}

function makeArchive(repository: Repository, root: Manifest, plan: CopyPlan, content: ArchiveContent): Archive {
  const { filtered, image, name, signal } = content
  const options = { signal }
  if (plan.blobs.some(({ size }) => size === UNKNOWN_SIZE))
    throw refuse(
      repository,
      'unsupported',
      `${root.digest} is a schema 1 image, which an OCI archive can’t hold: use a docker save archive, which converts it`,
    )
  const top = filtered ?? root
  const manifests = [top, ...plan.levels.flat().toReversed()]
  // Small blobs first: a reader has the configuration before the layers.
  const blobs = plan.blobs.toSorted((a, b) => a.size - b.size)
  const members: ArchiveMember[] = [
    documentMember('oci-layout', { imageLayoutVersion: '1.0.0' }),
    documentMember('index.json', indexOf(top, name)),
    ...(image ? [dockerMember(image, name)] : []),
    ...manifests.map(({ digest, bytes }) => ({ path: blobPath(digest), size: bytes.byteLength, content: bytes })),
    ...blobs.map(({ digest, size }) => ({
      path: blobPath(digest),
      size,
      content: () => repository.blob(digest, options),
      isBlob: true,
    })),
  ]
  return archiveOf(top.digest, members, { foreignLayers: plan.foreignLayers, leftOut: filtered?.leftOut ?? [] })
}

function archiveOf(
  digest: Digest,
  members: readonly ArchiveMember[],
  missing: Pick<Archive, 'foreignLayers' | 'leftOut'> = { foreignLayers: [], leftOut: [] },
): Archive {
  return { digest, size: archiveSize(members), stream: archiveStream(members), ...missing }
}

function indexOf(
  { mediaType, digest, bytes }: ManifestContent & { digest: Digest },
  name: string | undefined,
): unknown {
  const tag = name?.slice(name.lastIndexOf(':') + 1)
  const annotations = name && { 'io.containerd.image.name': name, 'org.opencontainers.image.ref.name': tag }
  const descriptor = { mediaType, digest, size: bytes.byteLength, ...(annotations && { annotations }) }
  return { schemaVersion: 2, mediaType: MEDIA_TYPE.ociIndex, manifests: [descriptor] }
}

function dockerMember({ config, layers }: ImageManifest, name: string | undefined): ArchiveMember {
  const digests = layers.map(({ digest }) => digest)
  return dockerManifest(blobPath(config.digest), digests, name)
}

/** The files that older `docker load` reads from an archive, if any. */
async function imageIn(
  repository: Repository,
  root: Manifest,
  options: CallOptions,
): Promise<ImageManifest | undefined> {
  try {
    const image = await resolvePlatform(repository, root, undefined, options)
    return isContainerImage(image) && !encryptedLayer(image) ? image : undefined
  } catch (error) {
    if (isRegistryError(error, 'not-found')) return undefined
    throw error
  }
}

/** Loading needs a tag: a name without one means `latest`, as on the command line. */
function nameInside(repository: Repository, reference: Selector, name: string | undefined): string | undefined {
  if (!name) return defaultName(repository, reference)
  const { tag, digest } = parseFullReference(name)
  if (digest || !tag)
    throw new FormatError('reference', name, 'a name with a tag and without a digest, for example team/app:1.4')
  return name.endsWith(`:${tag}`) ? name : `${name}:${tag}`
}

/** A layout has no host: its images go by the repository alone. */
function defaultName({ name, registry }: Repository, reference: Selector): string | undefined {
  if (isDigest(reference)) return undefined
  const isHost = /[.:]/.test(registry.publicHost) || registry.publicHost === 'localhost'
  return `${isHost ? `${registry.publicHost}/` : ''}${name}:${reference}`
}

function refuse(repository: Repository, kind: 'unsupported' | 'missing-content', message: string): RegistryError {
  return new RegistryError(kind, message, { host: repository.registry.location, repository: repository.name })
}

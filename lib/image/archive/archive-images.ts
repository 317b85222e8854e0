import { parseImageConfig } from '../../oci/config.ts'
import { isRecord, readDescriptor } from '../../oci/descriptor.ts'
import type { Digest } from '../../oci/digest.ts'
import { digestOf } from '../../oci/digester.ts'
import { FormatError } from '../../oci/format-error.ts'
import { parseJson } from '../../oci/json.ts'
import type { Manifest } from '../../oci/manifest.ts'
import { RegistryError } from '../../registry/errors.ts'
import type { CallOptions, Repository } from '../../registry/registry.ts'
import { type ArchiveImage, imageOfLayers } from './archive-image.ts'
import type { ArchiveIntake, StoredFile } from './archive-intake.ts'
import type { ArchivedManifests } from './archived-manifests.ts'
import { fromRepositories } from './legacy-save.ts'

/** An entry of an archive's index that was skipped, as it isn't an image. */
export interface PassedOver {
  readonly digest: Digest
  readonly mediaType: string
  readonly name?: string
  readonly reason: string
}

export interface ArchiveContents {
  readonly images: readonly ArchiveImage[]
  readonly passedOver: readonly PassedOver[]
}

/**
 * What the archive holds, once all of it has been taken in: by `index.json`, whose manifests keep their digests, else
 * by the `manifest.json` of `docker save`, from which OCI manifests are made, also where it lists more, else by the
 * `repositories` of an old one.
 * @throws FormatError `archive`, RegistryError `missing-content`, `digest-mismatch`
 */
export async function contentsOf(
  intake: ArchiveIntake,
  archived: ArchivedManifests,
  repository: Repository,
  options: CallOptions,
): Promise<ArchiveContents> {
  const index = intake.document('index.json')
  const saved = intake.document('manifest.json')
  const listed = index && (await fromIndex(index, archived))
  const entries = saved ? savedEntries(saved) : []
  // `docker save` of an image by its id writes an index.json that lists nothing (moby/moby#47065).
  if (saved && entries.length > (listed ? listed.images.length + listed.passedOver.length : 0))
    return { images: await fromDockerSave(intake, entries, repository, options), passedOver: [] }
  if (listed) return listed
  const legacy = intake.document('repositories')
  if (legacy) return { images: await fromRepositories(intake, legacy, repository, options), passedOver: [] }
  throw new FormatError(
    'archive',
    intake.documentNames().join(' '),
    'an index.json (OCI) or a manifest.json (docker save)',
  )
}

async function fromIndex(bytes: Uint8Array, archived: ArchivedManifests): Promise<ArchiveContents> {
  const document = parseJson(bytes)
  const manifests = isRecord(document) ? (document.manifests ?? []) : undefined
  if (!Array.isArray(manifests)) throw new FormatError('archive', document, 'an image index in index.json')
  const images: ArchiveImage[] = []
  const passedOver: PassedOver[] = []
  const seen = new Set<string>()
  for (const [position, entry] of manifests.entries()) {
    const descriptor = readDescriptor(entry, `manifests[${position}]`)
    const { digest, mediaType, annotations } = descriptor
    const name = annotations?.get('io.containerd.image.name') ?? annotations?.get('org.opencontainers.image.ref.name')
    const named = name ? { name } : {}
    const key = `${digest} ${name}`
    if (seen.has(key)) continue
    seen.add(key)
    const found = await archived.find(descriptor)
    if (found.state === 'manifest') images.push({ manifest: found.manifest, ...named })
    else if (found.state === 'other')
      passedOver.push({
        digest,
        mediaType,
        ...named,
        reason: `not a manifest but ${mediaType || 'an untyped file'}`,
      })
    else
      throw new RegistryError('missing-content', `the archive lists ${digest} but doesn’t contain it`, {
        expected: digest,
      })
  }
  return { images, passedOver }
}

function savedEntries(bytes: Uint8Array): readonly unknown[] {
  const document = parseJson(bytes)
  if (Array.isArray(document)) return document
  throw new FormatError('archive', document, 'a list in manifest.json')
}

async function fromDockerSave(
  intake: ArchiveIntake,
  entries: readonly unknown[],
  repository: Repository,
  options: CallOptions,
): Promise<ArchiveImage[]> {
  const images: ArchiveImage[] = []
  for (const entry of entries) {
    const manifest = await savedImage(intake, entry, repository, options)
    const names =
      isRecord(entry) && Array.isArray(entry.RepoTags) ? entry.RepoTags.filter((name) => typeof name === 'string') : []
    if (names.length === 0) images.push({ manifest })
    for (const name of names) images.push({ manifest, name })
  }
  return images
}

async function savedImage(
  intake: ArchiveIntake,
  entry: unknown,
  repository: Repository,
  options: CallOptions,
): Promise<Manifest> {
  if (!isRecord(entry) || typeof entry.Config !== 'string' || !Array.isArray(entry.Layers))
    throw new FormatError('archive', entry, 'Config and Layers in manifest.json')
  const config = await configOf(intake, entry.Config, repository, options)
  const layers = entry.Layers.map((path) => {
    const file = typeof path === 'string' ? intake.file(path) : undefined
    if (!file)
      throw new RegistryError('missing-content', `the archive lists the layer ${String(path)} but doesn’t contain it`)
    return file
  })
  expectDiffIds(parseImageConfig(config.bytes).diffIds, layers)
  return imageOfLayers({ digest: config.digest, size: config.bytes.byteLength }, layers)
}

async function configOf(intake: ArchiveIntake, path: string, repository: Repository, options: CallOptions) {
  const kept = intake.document(path)
  if (kept) {
    const digest = digestOf(kept)
    await repository.putBlob(kept, { ...options, digest })
    return { bytes: kept, digest }
  }
  const stored = intake.file(path)
  if (!stored) throw new RegistryError('missing-content', `the archive lists the config ${path} but doesn’t contain it`)
  return { bytes: await repository.blobBytes(stored.digest, options), digest: stored.digest }
}

/** Layers that are not compressed can be checked against the config at once. */
function expectDiffIds(diffIds: readonly Digest[], layers: readonly StoredFile[]): void {
  if (diffIds.length !== layers.length)
    throw new FormatError('archive', `${layers.length} layers`, `the ${diffIds.length} layers that the config names`)
  for (const [position, { digest, compression }] of layers.entries()) {
    const expected = diffIds[position]
    if (compression === 'none' && expected?.startsWith('sha256:') && expected !== digest)
      throw new RegistryError(
        'digest-mismatch',
        `layer ${position} of the archive is ${digest}; its config says ${expected}`,
        { expected, found: digest },
      )
  }
}

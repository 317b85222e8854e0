import { type Descriptor, isRecord } from '../../oci/descriptor.ts'
import type { Digest } from '../../oci/digest.ts'
import { digestOf } from '../../oci/digester.ts'
import { isForeignLayer } from '../../oci/is-foreign-layer.ts'
import { parseJson } from '../../oci/json.ts'
import type { IndexManifest, Manifest } from '../../oci/manifest.ts'
import { MAX_DEPTH } from '../../oci/max-depth.ts'
import type { Selector } from '../../oci/reference.ts'
import { isRegistryError, RegistryError } from '../../registry/errors.ts'
import type { CallOptions, PutManifestOptions, Repository } from '../../registry/registry.ts'
import { copyBlob } from '../copy/copy-blob.ts'
import { digestAt } from '../graph/digest-at.ts'
import { edgesOf } from '../graph/edges.ts'
import type { ArchiveIntake } from './archive-intake.ts'
import type { ArchivedManifests } from './archived-manifests.ts'

/** Children that indexes list and neither the archive nor the repository holds. */
export interface Gaps {
  /** Of the manifest itself. */
  readonly own: ReadonlySet<Digest>
  /** With those of the indexes in it. */
  readonly all: readonly Digest[]
}

/** Puts the images of a fully read archive in their place: content first, names when all of it is there. */
export class ArchiveLoader {
  #staging: Repository
  #intake: ArchiveIntake
  #archived: ArchivedManifests
  #options: CallOptions
  /** By repository and digest: documents that list one another over and over don't cause endless work. */
  #provided = new Map<string, Gaps>()

  constructor(staging: Repository, intake: ArchiveIntake, archived: ArchivedManifests, options: CallOptions) {
    this.#archived = archived
    this.#staging = staging
    this.#intake = intake
    this.#options = options
  }

  /**
   * Puts everything that a manifest needs, but not the manifest. @throws RegistryError `missing-content`, `malformed`
   */
  async provide(repository: Repository, manifest: Manifest, depth = 0): Promise<Gaps> {
    const key = `${repository.name} ${manifest.digest}`
    const known = this.#provided.get(key)
    if (known) return known
    if (depth > MAX_DEPTH)
      throw new RegistryError('malformed', `${manifest.digest} nests indexes more than ${MAX_DEPTH} deep`)
    const own = new Set<Digest>()
    const all = new Set<Digest>()
    const edges = new Map(
      edgesOf(manifest).map((edge) => [`${edge.descriptor.digest} ${isForeignLayer(edge.descriptor)}`, edge]),
    )
    for (const { descriptor, to } of edges.values()) {
      if (to === 'manifest') {
        const found = await this.#archived.find(descriptor)
        if (found.state === 'manifest')
          for (const digest of await this.#provideChild(repository, found.manifest, depth + 1)) all.add(digest)
        else if (!(await digestAt(repository, descriptor.digest, this.#options))) own.add(descriptor.digest)
      } else await this.#provideBlob(repository, descriptor)
    }
    const gaps = { own, all: [...new Set([...all, ...own])] }
    this.#provided.set(key, gaps)
    return gaps
  }

  /** A registry that insists on every child of an index gets an index of the available ones. */
  async put(
    repository: Repository,
    reference: Selector,
    manifest: Manifest,
    { own }: Gaps,
    options: PutManifestOptions,
  ) {
    try {
      return await repository.putManifest(reference, manifest, options)
    } catch (error) {
      const isRefused = isRegistryError(error, 'missing-content', 'invalid', 'not-found')
      if (manifest.kind !== 'index' || own.size === 0 || !isRefused) throw error
      const present = without(manifest, own)
      const at = reference === manifest.digest ? digestOf(present.bytes) : reference
      return await repository.putManifest(at, present, options)
    }
  }

  async #provideChild(repository: Repository, child: Manifest, depth: number): Promise<readonly Digest[]> {
    const gaps = await this.provide(repository, child, depth)
    await this.put(repository, child.digest, child, gaps, this.#options)
    return gaps.all
  }

  /** Blobs were put where the archive is loaded to; an image may go to another repository. */
  async #provideBlob(repository: Repository, descriptor: Descriptor): Promise<void> {
    const { digest } = descriptor
    if (await repository.statBlob(digest, this.#options)) return
    const known = this.#intake.manifests.get(digest)
    if (known) {
      // A document that looks like a manifest, but is the content of an artifact.
      await repository.putBlob(known.bytes, { ...this.#options, digest })
      return
    }
    const size = (await this.#staging.statBlob(digest, this.#options))?.size
    if (size === undefined && isForeignLayer(descriptor)) return
    if (size === undefined)
      throw new RegistryError(
        'missing-content',
        `the archive doesn’t contain ${digest}, which one of its images needs`,
        {
          expected: digest,
        },
      )
    await copyBlob(this.#staging, repository, { digest, size, mediaType: '' }, { ...this.#options, mount: true })
  }
}

function without(index: IndexManifest, absent: ReadonlySet<Digest>) {
  const document = parseJson(index.bytes)
  const manifests = isRecord(document) && Array.isArray(document.manifests) ? document.manifests : []
  const isPresent = (digest: Digest | undefined) => digest === undefined || !absent.has(digest)
  const kept = manifests.filter((_, position) => isPresent(index.manifests[position]?.digest))
  return {
    mediaType: index.mediaType,
    bytes: Buffer.from(JSON.stringify({ ...(isRecord(document) ? document : {}), manifests: kept })),
  }
}

import type { Descriptor } from '../../oci/descriptor.ts'
import { type Digest, isDigest } from '../../oci/digest.ts'
import { FormatError } from '../../oci/format-error.ts'
import { isForeignLayer } from '../../oci/is-foreign-layer.ts'
import { MAX_DOCUMENT_BYTES } from '../../oci/json.ts'
import type { Manifest } from '../../oci/manifest.ts'
import { isIndexType, isManifestType } from '../../oci/media-type.ts'
import { parseManifest } from '../../oci/parse-manifest.ts'
import type { RepositoryName } from '../../oci/reference.ts'
import { successors } from '../../oci/successors.ts'
import { mapConcurrent } from '../concurrent.ts'
import { isRegistryError, RegistryError } from '../errors.ts'
import type { BlobFiles } from './blob-files.ts'
import type { Pointer } from './index-entry.ts'
import type { LayoutIndex } from './layout-index.ts'

/** What is worth remembering of a manifest. Immutable, as its digest says. */
export interface ManifestFacts {
  /** As a referrer is listed: with its artifact type and annotations. */
  readonly descriptor: Descriptor
  readonly children: readonly Descriptor[]
  /** Undefined for a kind that Lading does not know: it may need anything. */
  readonly blobs: readonly Digest[] | undefined
  readonly subject?: Digest
}

/** Some hundred bytes each. */
const MAX_FACTS = 50_000

/** Knows how the manifests of a layout hang together. Each is parsed once. */
export class ManifestGraph {
  #blobs: BlobFiles
  #facts = new Map<Digest, ManifestFacts>()
  #members = new WeakMap<LayoutIndex, Map<RepositoryName, Promise<ReadonlyMap<Digest, Pointer>>>>()

  constructor(blobs: BlobFiles) {
    this.#blobs = blobs
  }

  /**
   * Every manifest of the repository: those the index names, and what its image indexes contain as far as it is
   * present.
   */
  members(index: LayoutIndex, repository: RepositoryName): Promise<ReadonlyMap<Digest, Pointer>> {
    const known = this.#members.get(index) ?? new Map<RepositoryName, Promise<ReadonlyMap<Digest, Pointer>>>()
    this.#members.set(index, known)
    let members = known.get(repository)
    if (!members) {
      members = this.#collect(index, repository)
      known.set(repository, members)
      members.catch(() => known.delete(repository))
    }
    return members
  }

  /** `undefined` where the manifest is absent, damaged or no manifest at all. */
  async facts(pointer: Pointer): Promise<ManifestFacts | undefined> {
    const { file, descriptor } = pointer
    const known = this.#facts.get(file)
    if (known) return known
    let facts: ManifestFacts
    try {
      const bytes = await this.#blobs.bytes(file, MAX_DOCUMENT_BYTES)
      facts = factsOf(parseManifest(bytes, { contentType: descriptor.mediaType, digest: descriptor.digest }))
    } catch (error) {
      if (error instanceof FormatError) return undefined
      if (isRegistryError(error, 'not-found', 'digest-mismatch', 'too-large', 'malformed')) return undefined
      throw error
    }
    if (this.#facts.size >= MAX_FACTS) this.#facts.delete(this.#facts.keys().next().value ?? file)
    this.#facts.set(file, facts)
    return facts
  }

  /** The facts of every manifest of the repository, in no order. */
  async all(index: LayoutIndex, repository: RepositoryName, signal?: AbortSignal): Promise<ManifestFacts[]> {
    const pointers = [...(await this.members(index, repository)).values()]
    const facts = await mapConcurrent(pointers, (pointer) => this.facts(pointer), signal ? { signal } : {})
    return facts.filter((found) => found !== undefined)
  }

  /**
   * The blobs that each manifest of the repository needs, itself among them.
   * @throws RegistryError `unsupported` where one is damaged, so that nobody can tell
   */
  async needs(
    index: LayoutIndex,
    repository: RepositoryName,
    signal?: AbortSignal,
  ): Promise<ReadonlyMap<Digest, ReadonlySet<Digest>>> {
    const pointers = [...(await this.members(index, repository)).values()]
    const needs = await mapConcurrent(
      pointers,
      async (pointer) => {
        const known = (await this.facts(pointer))?.blobs ?? (await this.#mentioned(pointer, repository))
        return [pointer.descriptor.digest, new Set([pointer.file, ...known])] as const
      },
      signal ? { signal } : {},
    )
    return new Map(needs)
  }

  /** Of what is no manifest that Lading understands, every digest in its text: it cannot need a blob that it does not name. */
  async #mentioned({ file, descriptor }: Pointer, repository: RepositoryName): Promise<readonly Digest[]> {
    try {
      const bytes = await this.#blobs.bytes(file, MAX_DOCUMENT_BYTES)
      return (
        Buffer.from(bytes)
          .toString('latin1')
          .match(/sha(?:256|512):[0-9a-f]+/g)
          ?.filter(isDigest) ?? []
      )
    } catch (error) {
      if (isRegistryError(error, 'not-found')) return []
      if (!isRegistryError(error, 'digest-mismatch', 'too-large')) throw error
      const message = `${descriptor.digest} in ${repository} is damaged, so that nobody can tell which layers it needs`
      throw new RegistryError('unsupported', message, { host: this.#blobs.layout, repository }, { cause: error })
    }
  }

  async #collect(index: LayoutIndex, repository: RepositoryName): Promise<ReadonlyMap<Digest, Pointer>> {
    const members = new Map<Digest, Pointer>(index.repositories.get(repository)?.manifests)
    let level = [...members.values()]
    // However deep: each is looked at once.
    while (level.length > 0) {
      const next: Pointer[] = []
      const parents = level.filter(({ descriptor }) => mayHaveChildren(descriptor.mediaType))
      for (const facts of await mapConcurrent(parents, (pointer) => this.facts(pointer))) {
        for (const child of facts?.children ?? []) {
          if (members.has(child.digest) || (await this.#blobs.size(child.digest)) === undefined) continue
          const pointer = { descriptor: child, file: child.digest }
          members.set(child.digest, pointer)
          next.push(pointer)
        }
      }
      level = next
    }
    return members
  }
}

/** Not what says that it is an image: it need not be read. */
function mayHaveChildren(mediaType: string): boolean {
  return isIndexType(mediaType) || !isManifestType(mediaType)
}

function factsOf(manifest: Manifest): ManifestFacts {
  const { mediaType, digest, size, annotations, subject } = manifest
  // distribution-spec, "Listing Referrers": the config's type stands in, also when it is that of an image.
  const artifactType = manifest.artifactType ?? ('config' in manifest ? manifest.config.mediaType : undefined)
  return {
    descriptor: {
      mediaType,
      digest,
      size,
      ...(artifactType && { artifactType }),
      ...(annotations.size > 0 && { annotations }),
    },
    children: manifest.kind === 'index' ? manifest.manifests : [],
    blobs: manifest.kind === 'unknown' ? undefined : blobsOf(manifest),
    ...(subject && { subject: subject.digest }),
  }
}

function blobsOf(manifest: Manifest): Digest[] {
  return manifest.kind === 'index' ? [] : successors(manifest).map((descriptor) => descriptor.digest)
}

/**
 * What must be present before a manifest may be: not what is kept elsewhere, nor the children of a sparse
 * index.
 */
export function requiredBlobs(manifest: Manifest): Digest[] {
  if (manifest.kind === 'index') return []
  const held = successors(manifest).filter((descriptor) => !isForeignLayer(descriptor))
  return [...new Set(held.map((descriptor) => descriptor.digest))]
}

import { type Digest, isDigest } from '../../oci/digest.ts'
import { FormatError } from '../../oci/format-error.ts'
import { MAX_DOCUMENT_BYTES } from '../../oci/json.ts'
import type { Manifest } from '../../oci/manifest.ts'
import { isIndexType, isManifestType } from '../../oci/media-type.ts'
import { parseManifest } from '../../oci/parse-manifest.ts'
import type { RepositoryName } from '../../oci/reference.ts'
import { mapConcurrent } from '../concurrent.ts'
import { isRegistryError, RegistryError } from '../errors.ts'
import type { BlobFiles } from './blob-files.ts'
import { isPushed, type Pointer } from './index-entry.ts'
import type { LayoutIndex } from './layout-index.ts'
import { factsOf, type ManifestFacts } from './manifest-facts.ts'

/** A manifest of a repository. */
export interface Member extends Pointer {
  /**
   * Whether it was written into the layout with all that it names, by the tool that made the folder. A pushed one may
   * name anything: only its required content is known to belong to the repository.
   */
  readonly isWhole: boolean
}

/** Some hundred bytes each. */
const MAX_FACTS = 50_000

/** Knows how the manifests of a layout hang together. Each is parsed once. */
export class ManifestGraph {
  #blobs: BlobFiles
  #facts = new Map<Digest, ManifestFacts>()
  #members = perRepository((index, repository) => this.#collect(index, repository))
  #vouched = perRepository((index, repository) => this.#collectVouched(index, repository))

  constructor(blobs: BlobFiles) {
    this.#blobs = blobs
  }

  /** Every manifest of the repository: those the index names, and the children of indexes that came whole. */
  members(index: LayoutIndex, repository: RepositoryName): Promise<ReadonlyMap<Digest, Member>> {
    return this.#members(index, repository)
  }

  /** `undefined` where the manifest is absent, damaged or not a manifest at all. */
  async facts(pointer: Pointer): Promise<ManifestFacts | undefined> {
    const { file, descriptor } = pointer
    const known = this.#facts.get(file)
    if (known) return known
    try {
      const bytes = await this.#blobs.bytes(file, MAX_DOCUMENT_BYTES)
      const manifest = parseManifest(bytes, { contentType: descriptor.mediaType, digest: descriptor.digest })
      return this.remember(file, manifest)
    } catch (error) {
      if (error instanceof FormatError) return undefined
      if (isRegistryError(error, 'not-found', 'digest-mismatch', 'too-large', 'malformed')) return undefined
      throw error
    }
  }

  /** Saves reading a manifest again that has just been read. */
  remember(file: Digest, manifest: Manifest): ManifestFacts {
    const facts = factsOf(manifest)
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

  /** Whether a manifest of the repository shows that the blob belongs to it. */
  async vouchesFor(
    index: LayoutIndex,
    repository: RepositoryName,
    digest: Digest,
    signal?: AbortSignal,
  ): Promise<boolean> {
    const members = await this.members(index, repository)
    // Most callers ask about a manifest that they have just read, so the others needn't be read.
    for (const member of members.values()) {
      const facts = this.#facts.get(member.file)
      if (member.file === digest || (facts && vouchedBy(member, facts).includes(digest))) return true
    }
    signal?.throwIfAborted()
    return (await this.#vouched(index, repository)).has(digest)
  }

  /** The blobs that a manifest shows to belong to its repository. */
  async vouchedBy(member: Member): Promise<readonly Digest[]> {
    const facts = await this.facts(member)
    if (facts?.blobs) return vouchedBy(member, facts)
    return member.isWhole ? this.#mentioned(member) : []
  }

  /**
   * The blobs that each manifest of the repository needs, itself among them.
   * @throws RegistryError `unsupported` where one is damaged, so that what it needs can't be determined
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
        const known = (await this.facts(pointer))?.blobs ?? (await this.#mentionedOrThrow(pointer, repository))
        return [pointer.descriptor.digest, new Set([pointer.file, ...known])] as const
      },
      signal ? { signal } : {},
    )
    return new Map(needs)
  }

  async #mentionedOrThrow(pointer: Pointer, repository: RepositoryName): Promise<readonly Digest[]> {
    try {
      return await this.#mentioned(pointer)
    } catch (error) {
      if (!isUnreadable(error)) throw error
      const message = `${pointer.descriptor.digest} in ${repository} is damaged or can’t be verified, so which layers it needs can’t be determined`
      throw new RegistryError('unsupported', message, { host: this.#blobs.layout, repository }, { cause: error })
    }
  }

  /** Every digest in the text of a document of unknown kind: it can't need a blob that it doesn't name. */
  async #mentioned({ file }: Pointer): Promise<readonly Digest[]> {
    try {
      const bytes = await this.#blobs.bytes(file, MAX_DOCUMENT_BYTES)
      const text = Buffer.from(bytes).toString('latin1')
      return text.match(/sha(?:256|512):[0-9a-f]+/g)?.filter(isDigest) ?? []
    } catch (error) {
      if (isRegistryError(error, 'not-found')) return []
      throw error
    }
  }

  async #collect(index: LayoutIndex, repository: RepositoryName): Promise<ReadonlyMap<Digest, Member>> {
    const members = new Map<Digest, Member>()
    for (const [digest, entry] of index.repositories.get(repository)?.manifests ?? [])
      members.set(digest, { ...entry, isWhole: !isPushed(entry) })
    let level = [...members.values()]
    // However deep: each is read once.
    while (level.length > 0) {
      const next: Member[] = []
      const parents = level.filter(({ isWhole, descriptor }) => isWhole && mayHaveChildren(descriptor.mediaType))
      for (const facts of await mapConcurrent(parents, (pointer) => this.facts(pointer))) {
        for (const child of facts?.children ?? []) {
          const known = members.get(child.digest)
          if (known?.isWhole || (await this.#blobs.size(child.digest)) === undefined) continue
          const member = { ...(known ?? { descriptor: child, file: child.digest }), isWhole: true }
          members.set(child.digest, member)
          next.push(member)
        }
      }
      level = next
    }
    return members
  }

  async #collectVouched(index: LayoutIndex, repository: RepositoryName): Promise<ReadonlySet<Digest>> {
    const members = [...(await this.members(index, repository)).values()]
    const vouched = new Set<Digest>()
    const add = async (member: Member) => {
      for (const digest of await this.vouchedBy(member).catch(nothingWhereDamaged)) vouched.add(digest)
    }
    await mapConcurrent(members, add)
    return vouched
  }
}

function vouchedBy(member: Member, facts: ManifestFacts): readonly Digest[] {
  return member.isWhole ? (facts.blobs ?? []) : facts.required
}

/** Documents declared as images needn't be read. */
function mayHaveChildren(mediaType: string): boolean {
  return isIndexType(mediaType) || !isManifestType(mediaType)
}

function nothingWhereDamaged(error: unknown): readonly Digest[] {
  if (isUnreadable(error)) return []
  throw error
}

function isUnreadable(error: unknown): boolean {
  return isRegistryError(error, 'digest-mismatch', 'too-large') || error instanceof FormatError
}

/** Works something out once per repository and state of the index. What failed is tried again. */
function perRepository<T>(
  work: (index: LayoutIndex, repository: RepositoryName) => Promise<T>,
): (index: LayoutIndex, repository: RepositoryName) => Promise<T> {
  const known = new WeakMap<LayoutIndex, Map<RepositoryName, Promise<T>>>()
  return (index, repository) => {
    const ofIndex = known.get(index) ?? new Map<RepositoryName, Promise<T>>()
    known.set(index, ofIndex)
    const found = ofIndex.get(repository) ?? work(index, repository)
    if (!ofIndex.has(repository)) {
      ofIndex.set(repository, found)
      found.catch(() => ofIndex.delete(repository))
    }
    return found
  }
}

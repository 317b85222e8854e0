import type { Descriptor } from '../../oci/descriptor.ts'
import type { Digest } from '../../oci/digest.ts'
import { FormatError } from '../../oci/format-error.ts'
import { childrenOf } from '../../oci/index-entries.ts'
import type { IndexManifest, Manifest } from '../../oci/manifest.ts'
import { MAX_DEPTH } from '../../oci/max-depth.ts'
import { isIndexType } from '../../oci/media-type.ts'
import { formatPlatform, isAttestation, type Platform } from '../../oci/platform.ts'
import { mapConcurrent } from '../../registry/concurrent.ts'
import { isRegistryError, RegistryError } from '../../registry/errors.ts'
import type { CallOptions, Repository } from '../../registry/registry.ts'
import { readIfPresent } from '../graph/scan-tags.ts'
import { chooseChild, fittingChild } from './choose-child.ts'

/** An entry of an index, or of an index inside it, that can be run. */
export interface PlatformLeaf {
  /** With its platform from the document, or from the entry of the index around it. */
  readonly descriptor: Descriptor
  /** The indexes that lead to it: the one that was asked for first, the one that lists it last. */
  readonly through: readonly IndexManifest[]
}

/** Nested indexes that are read in search of a platform. */
const MAX_INDEXES = 500

/**
 * The entry of an index to run on `platform`. The index's own entries come first; where none fits, all that its nested
 * indexes list stands beside them and the best is taken. Without a platform that is linux/amd64, else the first that is
 * not an attestation; one for `unknown/unknown` only where there is nothing else.
 * @throws RegistryError `not-found`, naming the platforms there are; `missing-content` when a nested index that may have
 *   it is not there; `malformed` for indexes that nest without end
 */
export async function findLeaf(
  repository: Repository,
  index: IndexManifest,
  platform: Platform | undefined,
  options: CallOptions,
): Promise<PlatformLeaf> {
  const own = childrenOf(index).filter((child) => !isIndexType(child.mediaType))
  const exact = fittingChild(own, platform)
  if (exact) return { descriptor: exact, through: [index] }
  const search = await Search.of(repository, index, options)
  const leaf = choose(search.leaves, platform)
  if (leaf) return leaf
  throw search.absent[0]
    ? missingChild(repository, search.absent[0])
    : noSuchPlatform(repository, search.leaves, platform)
}

/** What an index lists, and the indexes inside it. */
export interface ListedManifests {
  /** In the order of the documents, with the platform of the entry or of the index around it. */
  readonly runnable: readonly Descriptor[]
  readonly attestations: readonly Descriptor[]
  /** Why those of nested indexes are missing: one could not be read. */
  readonly problem?: Error
}

/**
 * The manifests that an index lists, those of nested indexes in the place of these. A nested index that isn't there
 * is listed itself; where one can't be read, or they nest without end, all of them are.
 */
export async function listedManifests(
  repository: Repository,
  index: IndexManifest,
  options: CallOptions = {},
): Promise<ListedManifests> {
  try {
    const { listed, attestations } = await Search.of(repository, index, options)
    return { runnable: listed, attestations }
  } catch (problem) {
    options.signal?.throwIfAborted()
    if (!isRegistryError(problem) && !(problem instanceof FormatError)) throw problem
    const entries = childrenOf(index)
    return {
      runnable: entries.filter((entry) => !isAttestation(entry)),
      attestations: entries.filter(isAttestation),
      problem,
    }
  }
}

/** The entry of a manifest in an index, or in one inside it. Undefined too if that can't be read. */
export async function findEntry(
  repository: Repository,
  index: IndexManifest,
  digest: Digest,
  options: CallOptions = {},
): Promise<Descriptor | undefined> {
  const isIts = (entry: Descriptor) => entry.digest === digest
  const own = index.manifests.find(isIts)
  if (own) return own
  const { runnable, attestations } = await listedManifests(repository, index, options)
  return runnable.find(isIts) ?? attestations.find(isIts)
}

function choose(leaves: readonly PlatformLeaf[], platform: Platform | undefined): PlatformLeaf | undefined {
  const chosen = chooseChild(
    leaves.map(({ descriptor }) => descriptor),
    platform,
  )
  return leaves.find(({ descriptor }) => descriptor === chosen)
}

/** Collects what an index and those inside it list, in the order of the documents. Each index is read once. */
class Search {
  readonly leaves: PlatformLeaf[] = []
  readonly attestations: Descriptor[] = []
  /** Nested indexes that the repository does not hold. */
  readonly absent: Descriptor[] = []
  /** The leaves, and in their place what is absent or isn’t the index that it’s listed as. */
  readonly listed: Descriptor[] = []
  #repository: Repository
  #options: CallOptions
  #opened = new Set<Digest>()

  private constructor(repository: Repository, options: CallOptions) {
    this.#repository = repository
    this.#options = options
  }

  static async of(repository: Repository, index: IndexManifest, options: CallOptions): Promise<Search> {
    const search = new Search(repository, options)
    await search.#open(index, [], undefined)
    return search
  }

  async #open(index: IndexManifest, above: readonly IndexManifest[], around: Platform | undefined): Promise<void> {
    const through = [...above, index]
    const children = childrenOf(index)
    const indexes = children.filter((child) => !isAttestation(child) && isIndexType(child.mediaType))
    const nested = new Set(indexes.map(({ digest }) => digest).filter((digest) => !this.#opened.has(digest)))
    for (const digest of nested) this.#opened.add(digest)
    if (through.length > MAX_DEPTH || this.#opened.size > MAX_INDEXES)
      throw tooDeep(this.#repository, through[0]?.digest ?? index.digest)
    const manifests = await this.#read([...nested])
    for (const child of children) {
      const platform = child.platform ?? around
      if (isAttestation(child)) this.attestations.push(child)
      else if (!isIndexType(child.mediaType)) {
        const descriptor = { ...child, ...(platform && { platform }) }
        this.leaves.push({ descriptor, through })
        this.listed.push(descriptor)
      } else if (nested.delete(child.digest)) {
        const manifest = manifests.get(child.digest)
        if (manifest?.kind === 'index') await this.#open(manifest, through, platform)
        else this.listed.push(child)
        if (!manifest) this.absent.push(child)
      }
    }
  }

  /** Those that the repository holds. */
  async #read(digests: readonly Digest[]): Promise<ReadonlyMap<Digest, Manifest>> {
    const manifests = await mapConcurrent(
      digests,
      (digest) => readIfPresent(this.#repository, digest, this.#options),
      this.#options,
    )
    return new Map(manifests.flatMap((manifest, at) => (manifest ? [[digests[at] as Digest, manifest]] : [])))
  }
}

export function tooDeep(repository: Repository, root: Digest): RegistryError {
  return new RegistryError(
    'malformed',
    `${root} nests indexes more than ${MAX_DEPTH} deep, or more than ${MAX_INDEXES} of them`,
    { host: repository.registry.location, repository: repository.name },
  )
}

/** That an index lists a child which the repository does not hold. */
export function missingChild(repository: Repository, child: Descriptor, cause?: unknown): RegistryError {
  const name = child.platform ? ` for ${formatPlatform(child.platform)}` : ''
  return new RegistryError(
    'missing-content',
    `the index lists ${child.digest}${name}, which ${repository.name} doesn’t have`,
    { host: repository.registry.location, repository: repository.name, expected: child.digest },
    { cause },
  )
}

function noSuchPlatform(
  repository: Repository,
  leaves: readonly PlatformLeaf[],
  platform: Platform | undefined,
): RegistryError {
  const offered = new Set(
    leaves.flatMap(({ descriptor: { platform } }) => (platform ? [formatPlatform(platform)] : [])),
  )
  const wanted = platform ? `nothing for ${formatPlatform(platform)}` : 'no runnable image'
  const have = offered.size > 0 ? `; it has ${[...offered].join(', ')}` : ''
  return new RegistryError('not-found', `the index holds ${wanted}${have}`, {
    host: repository.registry.location,
    repository: repository.name,
    ...(platform && { expected: formatPlatform(platform) }),
  })
}

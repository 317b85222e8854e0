import { placeOf } from '../../catalog/read-through/place-of.ts'
import { catalogOf } from '../../catalog/the-catalog.ts'
import type { Digest } from '../../oci/digest.ts'
import { formatPlatform } from '../../oci/platform.ts'
import type { Selector, Tag } from '../../oci/reference.ts'
import type { Repository } from '../../registry/registry.ts'

/** A manifest's other tags and its index, as far as known without requesting the registry's tags. */
export interface ManifestRelatives {
  /** Other tags that pointed at it when last seen, at most a few minutes ago. */
  readonly tags: readonly string[]
  /** The index that it was reached from. */
  readonly parent?: {
    readonly digest: string
    /** The platform under which the index lists it. */
    readonly platform?: string
    readonly tags: readonly string[]
  }
}

/** @param index from the link: ignored if it doesn't list the manifest or can't be read */
export async function manifestRelatives(
  repository: Repository,
  digest: Digest,
  selector: Selector,
  index: Digest | undefined,
): Promise<ManifestRelatives> {
  const parent = index && (await parentOf(repository, digest, index))
  return {
    tags: (await tagsOn(repository, digest)).filter((tag) => tag !== selector),
    ...(parent && { parent }),
  }
}

async function parentOf(repository: Repository, digest: Digest, index: Digest): Promise<ManifestRelatives['parent']> {
  const manifest = await repository.manifest(index).catch(() => undefined)
  const entry = manifest?.kind === 'index' ? manifest.manifests.find((child) => child.digest === digest) : undefined
  if (!entry) return undefined
  return {
    digest: index,
    tags: await tagsOn(repository, index),
    ...(entry.platform && { platform: formatPlatform(entry.platform) }),
  }
}

/** Other tags on a page may be this out of date. */
const SEEN_FOR = 5 * 60_000

async function tagsOn(repository: Repository, digest: Digest): Promise<Tag[]> {
  const seen = (await catalogOf(repository.registry).catalog.tagsOn(placeOf(repository), [digest])).get(digest) ?? []
  return seen.filter(({ age }) => age < SEEN_FOR).map(({ value }) => value)
}

import { placeOf } from '../../catalog/read-through/place-of.ts'
import { theCatalog } from '../../catalog/the-catalog.ts'
import type { Digest } from '../../oci/digest.ts'
import { formatPlatform } from '../../oci/platform.ts'
import type { Tag, TagOrDigest } from '../../oci/reference.ts'
import type { Repository } from '../../registry/registry.ts'

/** What else is known of where a manifest stands, without asking the registry for its tags. */
export interface ManifestRelatives {
  /** Other tags that pointed at it when last seen, at most a few minutes ago. */
  readonly tags: readonly string[]
  /** The index that it was reached from. */
  readonly parent?: {
    readonly digest: string
    /** Under which the index lists it. */
    readonly platform?: string
    readonly tags: readonly string[]
  }
}

/** @param index from the link: ignored if it doesn't list the manifest or can't be read */
export async function manifestRelatives(
  repository: Repository,
  digest: Digest,
  selector: TagOrDigest,
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

/** What a page says of tags that it is not about may be this old. */
const SEEN_FOR = 5 * 60_000

async function tagsOn(repository: Repository, digest: Digest): Promise<Tag[]> {
  const seen = (await theCatalog().catalog.tagsOn(placeOf(repository), [digest])).get(digest) ?? []
  return seen.filter(({ age }) => age < SEEN_FOR).map(({ value }) => value)
}

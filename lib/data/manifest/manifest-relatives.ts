import { placeOf } from '../../catalog/read-through/place-of.ts'
import { catalogOf } from '../../catalog/the-catalog.ts'
import { findEntry } from '../../image/platform/platform-leaf.ts'
import type { Digest } from '../../oci/digest.ts'
import { formatPlatform } from '../../oci/platform.ts'
import type { Selector } from '../../oci/reference.ts'
import type { Repository } from '../../registry/registry.ts'

/** A manifest's other tags and its index, as far as known without requesting the registry's tags. */
export interface ManifestRelatives {
  readonly others: TagsOn
  /** The index that it was reached from. */
  readonly parent?: {
    readonly digest: string
    /** The platform under which the index lists it. */
    readonly platform?: string
    readonly others: TagsOn
  }
}

/** Tags that pointed at a manifest when they were last seen. */
export interface TagsOn {
  readonly tags: readonly string[]
  /** ISO: when the one seen longest ago was seen, if that isn't recent. */
  readonly asOf?: string
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
    others: await tagsOn(repository, digest, selector),
    ...(parent && { parent }),
  }
}

async function parentOf(repository: Repository, digest: Digest, index: Digest): Promise<ManifestRelatives['parent']> {
  const manifest = await repository.manifest(index).catch(() => undefined)
  const entry = manifest?.kind === 'index' ? await findEntry(repository, manifest, digest) : undefined
  if (!entry) return undefined
  return {
    digest: index,
    others: await tagsOn(repository, index),
    ...(entry.platform && { platform: formatPlatform(entry.platform) }),
  }
}

/** Milliseconds: what was seen since then needs no date. */
const RECENT = 5 * 60_000

/** Without those known to be out of date. */
async function tagsOn(repository: Repository, digest: Digest, except?: Selector): Promise<TagsOn> {
  const found = await catalogOf(repository.registry).catalog.tagsOn(placeOf(repository), [digest])
  const seen = (found.get(digest) ?? []).filter(({ value, age }) => value !== except && Number.isFinite(age))
  return {
    tags: seen.map(({ value }) => value),
    ...(seen.some(({ age }) => age > RECENT) && {
      asOf: new Date(Math.min(...seen.map(({ seenAt }) => seenAt))).toISOString(),
    }),
  }
}

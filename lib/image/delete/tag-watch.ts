import type { Digest } from '../../oci/digest.ts'
import { mayBeIndex } from '../../oci/index-entries.ts'
import { isIndexType } from '../../oci/media-type.ts'
import type { Tag } from '../../oci/reference.ts'
import { mapConcurrent } from '../../registry/concurrent.ts'
import type { CallOptions, Repository } from '../../registry/registry.ts'
import type { ResolvedTags } from '../../registry/resolve-tags.ts'
import { readIfPresent } from '../graph/scan-tags.ts'
import { resolveEveryTag } from './resolve-every-tag.ts'

/** Milliseconds that one reading of all tags may serve deletions, or this multiple of its own duration. */
const FRESH_FOR = 5_000
const FRESH_TIMES = 4

/**
 * Where all tags of a repository point, and which indexes list which manifests: read once for many deletions instead of
 * once for each, and again while they continue.
 */
export class TagWatch {
  readonly #repository: Repository
  readonly #children = new Map<Digest, readonly Digest[]>()
  #tags = new Map<Digest, readonly Tag[]>()
  #parents = new Map<Digest, readonly Digest[]>()
  #freshUntil = Number.NEGATIVE_INFINITY

  constructor(repository: Repository) {
    this.#repository = repository
  }

  /**
   * Reads again if the last reading is too old. Nothing may be deleted meanwhile: a tag deleted while it's being read
   * counts as unreadable.
   * @throws RegistryError `conflict` when not every tag can be read: one of them may be on any image
   */
  async refresh(options: CallOptions = {}): Promise<void> {
    const began = performance.now()
    if (began < this.#freshUntil) return
    const scan = await resolveEveryTag(this.#repository, options)
    this.#tags = tagsByDigest(scan)
    this.#parents = await this.#readParents(scan, options)
    const now = performance.now()
    this.#freshUntil = now + Math.max(FRESH_FOR, FRESH_TIMES * (now - began))
  }

  /** The target of every tag. */
  digests(): ReadonlyMap<Tag, Digest> {
    return new Map([...this.#tags].flatMap(([digest, tags]) => tags.map((tag) => [tag, digest] as const)))
  }

  /** Undefined for a tag that isn't there. */
  digestOf(tag: string): Digest | undefined {
    for (const [digest, tags] of this.#tags) if (tags.some((one) => one === tag)) return digest
    return undefined
  }

  /** Sorted. */
  tagsOn(digest: Digest): readonly Tag[] {
    return this.#tags.get(digest) ?? []
  }

  /** Live indexes that list the manifest. */
  indexesOf(digest: Digest): readonly Digest[] {
    return (this.#parents.get(digest) ?? []).filter((index) => this.#tags.has(index))
  }

  /** The manifest was deleted, with its tags. */
  forget(digest: Digest): void {
    this.#tags.delete(digest)
  }

  /** An index never changes, so each is read once. */
  async #readParents(scan: ResolvedTags, options: CallOptions): Promise<Map<Digest, readonly Digest[]>> {
    const indexes = new Set([...scan.tags.values()].filter((d) => isIndexType(d.mediaType)).map((d) => d.digest))
    const unread = [...indexes].filter((index) => !this.#children.has(index))
    await mapConcurrent(unread, (index) => this.#readIndex(index, options), options)
    const parents = new Map<Digest, Digest[]>()
    for (const index of indexes)
      for (const child of this.#below(index)) parents.set(child, [...(parents.get(child) ?? []), index])
    return parents
  }

  async #readIndex(index: Digest, options: CallOptions): Promise<void> {
    if (this.#children.has(index)) return
    const manifest = await readIfPresent(this.#repository, index, options)
    const children = manifest?.kind === 'index' ? manifest.manifests : []
    this.#children.set(
      index,
      children.map(({ digest }) => digest),
    )
    for (const child of children) if (mayBeIndex(child)) await this.#readIndex(child.digest, options)
  }

  #below(index: Digest): Set<Digest> {
    const found = new Set<Digest>()
    const add = (one: Digest) => {
      for (const child of this.#children.get(one) ?? []) {
        if (found.has(child)) continue
        found.add(child)
        add(child)
      }
    }
    add(index)
    return found
  }
}

function tagsByDigest({ tags }: ResolvedTags): Map<Digest, readonly Tag[]> {
  const found = Map.groupBy([...tags.keys()].sort(), (tag) => tags.get(tag)?.digest as Digest)
  return new Map(found)
}

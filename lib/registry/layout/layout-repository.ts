import type { Readable } from 'node:stream'
import type { Descriptor } from '../../oci/descriptor.ts'
import { type Digest, parseDigest } from '../../oci/digest.ts'
import { MAX_DOCUMENT_BYTES } from '../../oci/json.ts'
import type { Manifest } from '../../oci/manifest.ts'
import { parseManifest } from '../../oci/parse-manifest.ts'
import { parseRepositoryName, type RepositoryName, type Selector, type Tag } from '../../oci/reference.ts'
import type { DeleteCapabilities } from '../capabilities.ts'
import { expectAccepted } from '../expect-accepted.ts'
import { COMPLETE, type Listing } from '../listing.ts'
import type {
  BlobOptions,
  BlobRead,
  BlobUser,
  CallOptions,
  DeleteManifestOptions,
  DeleteTagOptions,
  ManifestContent,
  ManifestOptions,
  PutBlobOptions,
  PutManifestOptions,
  ReferrersOptions,
  Registry,
  Repository,
  TagDeletion,
} from '../registry.ts'
import { blobUsers, deleteBlob, deleteManifest, deleteTag } from './layout-deletions.ts'
import type { LayoutStore } from './layout-store.ts'
import type { ManifestGraph } from './manifest-graph.ts'
import { pushManifest } from './push-manifest.ts'
import { RepositoryContents } from './repository-contents.ts'
import { sourceName } from './source-name.ts'

/**
 * One repository of a layout. The files of blobs are the whole layout's; which of them it holds, `RepositoryContents`
 * decides. Names and digests are parsed again: they become paths here, and a hole in a caller's check must not become
 * one in the file system.
 */
export class LayoutRepository implements Repository {
  readonly name: RepositoryName
  readonly registry: Registry
  #store: LayoutStore
  #graph: ManifestGraph
  #contents: RepositoryContents

  constructor(registry: Registry, name: RepositoryName, store: LayoutStore, graph: ManifestGraph) {
    this.registry = registry
    this.name = parseRepositoryName(name)
    this.#store = store
    this.#graph = graph
    this.#contents = new RepositoryContents(this.name, store, graph)
  }

  async *tags({ signal }: CallOptions = {}): Listing<Tag> {
    const index = await this.#store.index(signal)
    yield* index.repositories.get(this.name)?.tags.keys() ?? []
    return COMPLETE
  }

  async untagged({ signal }: CallOptions = {}): Promise<readonly Descriptor[]> {
    const index = await this.#store.index(signal)
    const tags = index.repositories.get(this.name)?.tags.values() ?? []
    const reached = new Set(Array.from(tags, ({ descriptor }) => descriptor.digest))
    const manifests = await this.#graph.all(index, this.name, signal)
    for (const { children } of manifests) for (const { digest } of children) reached.add(digest)
    return manifests
      .filter(({ subject, descriptor }) => !subject && !reached.has(descriptor.digest))
      .map(({ descriptor }) => descriptor)
  }

  async resolve(reference: Selector, { signal }: CallOptions = {}): Promise<Descriptor> {
    const pointer = await this.#contents.find(reference, signal)
    const size = await this.#store.blobs.size(pointer.file)
    if (size === undefined) throw this.#contents.missing(reference, pointer)
    const { digest, mediaType } = pointer.descriptor
    if (mediaType) return { mediaType, digest, size }
    const manifest = await this.manifest(reference, signal ? { signal } : {})
    return { mediaType: manifest.mediaType, digest, size }
  }

  async manifest(reference: Selector, { accept, signal }: ManifestOptions = {}): Promise<Manifest> {
    const pointer = await this.#contents.find(reference, signal)
    const { digest, mediaType } = pointer.descriptor
    const bytes = await this.#contents.bytesOf(pointer, reference, signal)
    const manifest = parseManifest(bytes, { contentType: mediaType, digest })
    if (manifest.digest !== digest)
      throw this.#contents.error('digest-mismatch', `the content of ${digest} has the digest ${manifest.digest}`, {
        expected: digest,
        found: manifest.digest,
      })
    this.#graph.remember(pointer.file, manifest)
    return expectAccepted(manifest, reference, accept, { host: this.#store.path, repository: this.name })
  }

  async statBlob(digest: Digest, { signal }: CallOptions = {}): Promise<{ readonly size: number } | undefined> {
    signal?.throwIfAborted()
    const size = await this.#contents.sizeOf(digest, signal)
    return size === undefined ? undefined : { size }
  }

  async blob(digest: Digest, { range, signal }: BlobOptions = {}): Promise<BlobRead> {
    await this.#contents.expectHeld(digest, signal)
    return this.#store.blobs.read(digest, range, signal)
  }

  async blobBytes(digest: Digest, { limit, signal }: CallOptions & { limit?: number } = {}): Promise<Uint8Array> {
    await this.#contents.expectHeld(digest, signal)
    return this.#store.blobs.bytes(digest, limit ?? MAX_DOCUMENT_BYTES, signal)
  }

  async *referrers(digest: Digest, { artifactType, signal }: ReferrersOptions = {}): Listing<Descriptor> {
    parseDigest(digest)
    const index = await this.#store.index(signal)
    for (const { subject, descriptor } of await this.#graph.all(index, this.name, signal)) {
      if (subject === digest && (!artifactType || descriptor.artifactType === artifactType)) yield descriptor
    }
    return COMPLETE
  }

  /** The format has no place for them. */
  async signatures(): Promise<undefined> {}

  async nameInFolder(tag: Tag, { signal }: CallOptions = {}): Promise<string | undefined> {
    const index = await this.#store.index(signal)
    const entry = index.repositories.get(this.name)?.tags.get(tag)
    return entry && sourceName(index, entry)
  }

  async deletes({ signal }: CallOptions = {}): Promise<DeleteCapabilities> {
    signal?.throwIfAborted()
    if (await this.#store.isWritable()) {
      const yes = { state: 'yes', evidence: `${this.#store.path} is a folder that Lading can write to` } as const
      return { manifest: yes, tag: yes, blobs: yes, tagStrategy: 'direct' }
    }
    const no = { state: 'no', evidence: `${this.#store.path} is not writable` } as const
    const advice = `Give the user that runs Lading write access to ${this.#store.path}.`
    return { manifest: no, tag: no, blobs: no, tagStrategy: 'none', advice }
  }

  putManifest(reference: Selector, content: ManifestContent, options?: PutManifestOptions): Promise<Descriptor> {
    return pushManifest(this.#contents, reference, content, options)
  }

  async putBlob(
    content: Uint8Array | Readable,
    options: PutBlobOptions = {},
  ): Promise<{ digest: Digest; size: number }> {
    try {
      if (options.digest !== undefined) parseDigest(options.digest)
      await this.#store.check()
    } catch (error) {
      if (!(content instanceof Uint8Array)) content.destroy()
      throw error
    }
    const written = await this.#store.blobs.write(content, options)
    await this.#contents.held.add(this.name, [written.digest])
    return written
  }

  /**
   * All repositories of a layout share its files. A blob that `from` doesn't have is refused, even if the layout has
   * it.
   */
  async mountBlob(digest: Digest, from: RepositoryName, { signal }: CallOptions = {}): Promise<boolean> {
    const source = new RepositoryContents(parseRepositoryName(from), this.#store, this.#graph)
    if ((await source.sizeOf(digest, signal)) === undefined) return false
    await this.#contents.held.add(this.name, [digest])
    return true
  }

  deleteTag(tag: Tag, options: DeleteTagOptions): Promise<TagDeletion> {
    return deleteTag(this.registry, this.#contents, tag, options)
  }

  deleteManifest(digest: Digest, options: DeleteManifestOptions): Promise<void> {
    return deleteManifest(this.#contents, digest, options)
  }

  deleteBlob(digest: Digest, { signal }: CallOptions = {}): Promise<void> {
    return deleteBlob(this.#contents, digest, signal)
  }

  blobUsers(
    digests: readonly Digest[],
    { signal }: CallOptions = {},
  ): Promise<ReadonlyMap<Digest, readonly BlobUser[]>> {
    return blobUsers(this.#contents, digests, signal)
  }
}

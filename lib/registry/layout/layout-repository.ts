import type { Readable } from 'node:stream'
import type { Descriptor } from '../../oci/descriptor.ts'
import { algorithmOf, type Digest, isDigest, parseDigest } from '../../oci/digest.ts'
import { digestOf } from '../../oci/digester.ts'
import { MAX_DOCUMENT_BYTES } from '../../oci/json.ts'
import type { Manifest } from '../../oci/manifest.ts'
import { parseManifest } from '../../oci/parse-manifest.ts'
import {
  parseRepositoryName,
  parseTag,
  parseTagOrDigest,
  type RepositoryName,
  type Tag,
  type TagOrDigest,
} from '../../oci/reference.ts'
import type { DeleteCapabilities } from '../capabilities.ts'
import { isRegistryError, RegistryError } from '../errors.ts'
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
import type { Pointer } from './index-entry.ts'
import type { LayoutStore } from './layout-store.ts'
import { type ManifestGraph, requiredBlobs } from './manifest-facts.ts'

/**
 * One repository of a layout. Manifests belong to it; blobs are the whole layout's. Names and digests are parsed again:
 * they become paths here, and a hole in a caller's check must not become one in the file system.
 */
export class LayoutRepository implements Repository {
  readonly name: RepositoryName
  readonly registry: Registry
  #store: LayoutStore
  #graph: ManifestGraph

  constructor(registry: Registry, name: RepositoryName, store: LayoutStore, graph: ManifestGraph) {
    this.registry = registry
    this.name = parseRepositoryName(name)
    this.#store = store
    this.#graph = graph
  }

  async *tags({ signal }: CallOptions = {}): Listing<Tag> {
    const index = await this.#store.index(signal)
    yield* index.repositories.get(this.name)?.tags.keys() ?? []
    return COMPLETE
  }

  async resolve(reference: TagOrDigest, { signal }: CallOptions = {}): Promise<Descriptor> {
    const pointer = await this.#find(reference, signal)
    const size = await this.#store.blobs.size(pointer.file)
    if (size === undefined) throw this.#missing(reference, pointer)
    const { digest, mediaType } = pointer.descriptor
    if (mediaType) return { mediaType, digest, size }
    const manifest = await this.manifest(reference, signal ? { signal } : {})
    return { mediaType: manifest.mediaType, digest, size }
  }

  async manifest(reference: TagOrDigest, { accept, signal }: ManifestOptions = {}): Promise<Manifest> {
    const pointer = await this.#find(reference, signal)
    const { digest, mediaType } = pointer.descriptor
    const bytes = await this.#bytesOf(pointer, reference, signal)
    const manifest = parseManifest(bytes, { contentType: mediaType, digest })
    if (manifest.digest === digest)
      return expectAccepted(manifest, reference, accept, { host: this.#store.path, repository: this.name })
    throw this.#error('digest-mismatch', `the content of ${digest} has the digest ${manifest.digest}`, {
      expected: digest,
      found: manifest.digest,
    })
  }

  async statBlob(digest: Digest, { signal }: CallOptions = {}): Promise<{ readonly size: number } | undefined> {
    signal?.throwIfAborted()
    const size = await this.#store.blobs.size(parseDigest(digest))
    return size === undefined ? undefined : { size }
  }

  async blob(digest: Digest, { range, signal }: BlobOptions = {}): Promise<BlobRead> {
    return this.#store.blobs.read(parseDigest(digest), range, signal)
  }

  async blobBytes(digest: Digest, { limit, signal }: CallOptions & { limit?: number } = {}): Promise<Uint8Array> {
    return this.#store.blobs.bytes(parseDigest(digest), limit ?? MAX_DOCUMENT_BYTES, signal)
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

  async deletes({ signal }: CallOptions = {}): Promise<DeleteCapabilities> {
    signal?.throwIfAborted()
    if (await this.#store.isWritable()) {
      const yes = { state: 'yes', evidence: `${this.#store.path} is a folder that Lading may write` } as const
      return { manifest: yes, tag: yes, blobs: yes, tagStrategy: 'direct' }
    }
    const no = { state: 'no', evidence: `${this.#store.path} is not writable` } as const
    const advice = `Give the user that runs Lading the right to write in ${this.#store.path}.`
    return { manifest: no, tag: no, blobs: no, tagStrategy: 'none', advice }
  }

  async putManifest(
    reference: TagOrDigest,
    content: ManifestContent,
    options: PutManifestOptions = {},
  ): Promise<Descriptor> {
    parseTagOrDigest(reference)
    await this.#store.check()
    const { pointer, required } = this.#pointerTo(reference, content)
    const { blobs } = this.#store
    const stored = await blobs.bytes(pointer.file, MAX_DOCUMENT_BYTES, options.signal).catch(() => undefined)
    if (!stored) await blobs.write(content.bytes, { digest: pointer.file, ...options })
    return this.#store.update(async (draft) => {
      // Under the lock, so that no deletion comes between the look and the write.
      for (const digest of [pointer.file, ...required]) {
        if ((await blobs.size(digest)) === undefined)
          throw this.#error(
            'missing-content',
            `${pointer.descriptor.digest} needs ${digest}, which is not here: upload it first`,
          )
      }
      if (isDigest(reference)) draft.addMember(this.name, pointer)
      else {
        const found = draft.tag(this.name, reference)?.descriptor.digest
        if (options.expect !== undefined) this.#expect(reference, options.expect, found)
        if (found !== pointer.descriptor.digest) draft.setTag(this.name, reference, pointer)
      }
      return pointer.descriptor
    }, options.signal)
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
    return this.#store.blobs.write(content, options)
  }

  /** All repositories of a layout share its blobs. */
  async mountBlob(digest: Digest, _from: RepositoryName, options: CallOptions = {}): Promise<boolean> {
    return (await this.statBlob(digest, options)) !== undefined
  }

  async deleteTag(tag: Tag, { expect, journal, signal }: DeleteTagOptions): Promise<TagDeletion> {
    const pointer = await this.#find(parseTag(tag), signal)
    this.#expect(tag, expect, pointer.descriptor.digest)
    if (!(await this.#store.isWritable()))
      return { outcome: 'unsupported', reason: `${this.#store.path} is not writable` }
    const { digest, mediaType } = pointer.descriptor
    // A tag whose manifest is lost can still be removed: there is only nothing to keep.
    const bytes = await this.#bytesOf(pointer, tag, signal).catch((error: unknown) => {
      if (isRegistryError(error, 'missing-content')) return new Uint8Array()
      throw error
    })
    const record = { registry: this.registry.name, repository: this.name, tag, digest, mediaType, bytes }
    const entry = await journal?.begin(record)
    try {
      await this.#store.update((draft) => {
        this.#expect(tag, expect, draft.tag(this.name, tag)?.descriptor.digest)
        draft.removeTag(this.name, tag)
      }, signal)
    } catch (error) {
      await entry?.end('failed')
      throw error
    }
    await entry?.step('deleted')
    await entry?.end('deleted')
    return { outcome: 'deleted' }
  }

  async deleteManifest(digest: Digest, { expectTags, signal }: DeleteManifestOptions): Promise<void> {
    await this.#find(parseDigest(digest), signal)
    const parent = await this.#parentOf(digest, signal)
    if (parent)
      throw this.#error('conflict', `${digest} is part of the index ${parent}: delete that first`, { found: parent })
    await this.#store.update((draft) => {
      if (!draft.has(this.name, digest)) throw this.#notFound(digest)
      const tags = draft.tagsOf(this.name, digest).sort()
      const expected = [...new Set(expectTags)].sort()
      if (tags.join() !== expected.join())
        throw this.#error('conflict', `the tags on ${digest} are not those that were expected`, {
          expected: expected.join(', '),
          found: tags.join(', '),
        })
      draft.removeManifest(this.name, digest)
    }, signal)
  }

  /**
   * Refused with `conflict` while any manifest of the layout needs it, since all its repositories share it, and with
   * `unsupported` while one does not tell what it needs.
   */
  async deleteBlob(digest: Digest, { signal }: CallOptions = {}): Promise<void> {
    parseDigest(digest)
    await this.#store.update(async () => {
      if ((await this.#store.blobs.size(digest)) === undefined) throw this.#notFound(digest)
      const [user] = (await this.blobUsers([digest], signal ? { signal } : {})).get(digest) ?? []
      if (user)
        throw this.#error('conflict', `${digest} is still needed by ${user.repository}@${user.digest}`, {
          found: user.digest,
        })
      await this.#store.blobs.remove(digest)
    }, signal)
  }

  async blobUsers(
    digests: readonly Digest[],
    { signal }: CallOptions = {},
  ): Promise<ReadonlyMap<Digest, readonly BlobUser[]>> {
    const users = new Map<Digest, BlobUser[]>(digests.map((digest) => [parseDigest(digest), []]))
    const index = await this.#store.index(signal)
    if (index.foreign.length > 0)
      throw this.#error(
        'unsupported',
        `index.json has ${index.foreign.length} entries that cannot be read, so that nobody can tell which layers they need`,
      )
    for (const repository of index.repositories.keys())
      for (const [digest, needed] of await this.#graph.needs(index, repository, signal))
        for (const blob of needed) users.get(blob)?.push({ repository, digest })
    return users
  }

  async #find(reference: TagOrDigest, signal: AbortSignal | undefined): Promise<Pointer> {
    const index = await this.#store.index(signal)
    const repository = index.repositories.get(this.name)
    parseTagOrDigest(reference)
    const pointer = isDigest(reference)
      ? (repository?.manifests.get(reference) ??
        (repository && (await this.#graph.members(index, this.name)).get(reference)))
      : repository?.tags.get(reference)
    if (!pointer) throw this.#notFound(reference)
    return pointer
  }

  async #parentOf(digest: Digest, signal: AbortSignal | undefined): Promise<Digest | undefined> {
    const manifests = await this.#graph.all(await this.#store.index(signal), this.name, signal)
    return manifests.find(({ children }) => children.some((child) => child.digest === digest))?.descriptor.digest
  }

  async #bytesOf(pointer: Pointer, reference: TagOrDigest, signal: AbortSignal | undefined): Promise<Uint8Array> {
    try {
      return await this.#store.blobs.bytes(pointer.file, MAX_DOCUMENT_BYTES, signal)
    } catch (error) {
      throw isRegistryError(error, 'not-found') ? this.#missing(reference, pointer) : error
    }
  }

  /** Where the bytes would live, and what they need; throws when they are not what they are said to be. */
  #pointerTo(
    reference: TagOrDigest,
    { mediaType, bytes, digest }: ManifestContent,
  ): { pointer: Pointer; required: Digest[] } {
    const expected = isDigest(reference) ? reference : digest
    if (bytes.byteLength > MAX_DOCUMENT_BYTES)
      throw this.#error(
        'too-large',
        `a manifest of ${bytes.byteLength} bytes is over the limit of ${MAX_DOCUMENT_BYTES}`,
      )
    let manifest: Manifest
    try {
      manifest = parseManifest(bytes, { contentType: mediaType, ...(expected && { digest: expected }) })
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause)
      throw this.#error('invalid', `the manifest was not stored: ${reason}`, {}, { cause })
    }
    if (expected && manifest.digest !== expected)
      throw this.#error('digest-mismatch', `the content for ${expected} has the digest ${manifest.digest}`, {
        expected,
        found: manifest.digest,
      })
    const descriptor = { mediaType: manifest.mediaType || mediaType, digest: manifest.digest, size: bytes.byteLength }
    const file = digestOf(bytes, algorithmOf(manifest.digest))
    return { pointer: { descriptor, file }, required: requiredBlobs(manifest) }
  }

  #expect(tag: Tag, expected: Digest | null, found: Digest | undefined): void {
    if ((found ?? null) === expected) return
    const now = found ? `is ${found}` : 'does not exist'
    throw this.#error(
      'conflict',
      `${this.name}:${tag} ${now}; it was expected ${expected ? `to be ${expected}` : 'not to exist'}`,
      {
        expected: expected ?? 'none',
        found: found ?? 'none',
      },
    )
  }

  #notFound(reference: TagOrDigest): RegistryError {
    return this.#error('not-found', `${this.name} has no ${reference}`)
  }

  #missing(reference: TagOrDigest, pointer: Pointer): RegistryError {
    const message = `${this.name} names ${reference}, but its file blobs/${pointer.file.replace(':', '/')} is missing: copy the image into the layout again`
    return this.#error('missing-content', message)
  }

  #error(
    kind: ConstructorParameters<typeof RegistryError>[0],
    message: string,
    details: { expected?: string; found?: string } = {},
    options?: ErrorOptions,
  ): RegistryError {
    return new RegistryError(kind, message, { host: this.#store.path, repository: this.name, ...details }, options)
  }
}

import { type Digest, isDigest, parseDigest } from '../../oci/digest.ts'
import { MAX_DOCUMENT_BYTES } from '../../oci/json.ts'
import { parseSelector, type RepositoryName, type Selector } from '../../oci/reference.ts'
import { isRegistryError, RegistryError } from '../errors.ts'
import { HeldBlobs } from './held-blobs.ts'
import type { Pointer } from './index-entry.ts'
import type { LayoutIndex } from './layout-index.ts'
import type { LayoutStore } from './layout-store.ts'
import type { ManifestGraph } from './manifest-graph.ts'

/**
 * What one repository of a layout holds. The only place that decides it: knowing a digest in the layout grants no right
 * to read it, to push a manifest that names it, or to learn that it exists.
 */
export class RepositoryContents {
  readonly name: RepositoryName
  readonly store: LayoutStore
  readonly graph: ManifestGraph
  readonly held: HeldBlobs

  constructor(name: RepositoryName, store: LayoutStore, graph: ManifestGraph) {
    this.name = name
    this.store = store
    this.graph = graph
    this.held = new HeldBlobs(store.path)
  }

  index(signal?: AbortSignal): Promise<LayoutIndex> {
    return this.store.index(signal)
  }

  /** The manifest that a tag names, or one of the repository's own by digest. @throws RegistryError `not-found` */
  async find(reference: Selector, signal?: AbortSignal): Promise<Pointer> {
    const index = await this.index(signal)
    const repository = index.repositories.get(this.name)
    parseSelector(reference)
    const pointer = isDigest(reference)
      ? (repository?.manifests.get(reference) ??
        (repository && (await this.graph.members(index, this.name)).get(reference)))
      : repository?.tags.get(reference)
    if (!pointer) throw this.notFound(reference)
    return pointer
  }

  /** The size of a blob that the repository holds; undefined also for one that only others hold. */
  async sizeOf(digest: Digest, signal?: AbortSignal): Promise<number | undefined> {
    return (await this.holds(digest, signal)) ? this.store.blobs.size(digest) : undefined
  }

  /** Checked before the file is looked for, so that timing reveals nothing either. */
  async holds(digest: Digest, signal?: AbortSignal): Promise<boolean> {
    parseDigest(digest)
    return (
      (await this.held.has(this.name, digest)) ||
      (await this.graph.vouchesFor(await this.index(signal), this.name, digest, signal))
    )
  }

  /** @throws RegistryError `not-found` */
  async expectHeld(digest: Digest, signal?: AbortSignal): Promise<void> {
    if (!(await this.holds(digest, signal))) throw this.notFound(digest)
  }

  /** @throws RegistryError `missing-content` where the file of a manifest is lost */
  async bytesOf(pointer: Pointer, reference: Selector, signal?: AbortSignal): Promise<Uint8Array> {
    try {
      return await this.store.blobs.bytes(pointer.file, MAX_DOCUMENT_BYTES, signal)
    } catch (error) {
      throw isRegistryError(error, 'not-found') ? this.missing(reference, pointer) : error
    }
  }

  notFound(reference: Selector): RegistryError {
    return this.error('not-found', `${this.name} has no ${reference}`)
  }

  missing(reference: Selector, pointer: Pointer): RegistryError {
    const message = `${this.name} names ${reference}, but its file blobs/${pointer.file.replace(':', '/')} is missing: copy the image into the layout again`
    return this.error('missing-content', message)
  }

  error(
    kind: ConstructorParameters<typeof RegistryError>[0],
    message: string,
    details: { expected?: string; found?: string } = {},
    options?: ErrorOptions,
  ): RegistryError {
    return new RegistryError(kind, message, { host: this.store.path, repository: this.name, ...details }, options)
  }
}

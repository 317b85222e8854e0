import type { RepositoryName } from '../../oci/reference.ts'
import type { Capabilities } from '../capabilities.ts'
import { COMPLETE, type Listing } from '../listing.ts'
import type { CallOptions, Registry, Repository } from '../registry.ts'
import { LayoutRepository } from './layout-repository.ts'
import { LayoutStore } from './layout-store.ts'
import { ManifestGraph } from './manifest-graph.ts'

export interface LayoutRegistryOptions {
  /** As configured: `local`. */
  readonly name: string
  /** The folder that holds `oci-layout`, `index.json` and `blobs/`. */
  readonly path: string
  /** What a pull command would name; default: `name`. */
  readonly publicHost?: string
}

/**
 * An OCI image layout on disk (image-spec, image-layout.md) as a registry. The folder is only looked at when a method
 * is called. One layout holds many repositories: Lading names a tag's descriptor `repository:tag` in
 * `org.opencontainers.image.ref.name` and, for a manifest without a tag, writes its repository in
 * `dev.lading.repository`. Layouts by other tools are read as `readEntries` describes.
 *
 * Manifests and the right to read a blob belong to repositories; the files of the blobs are shared. Deleting a tag or a
 * manifest takes it out of `index.json` and leaves every blob, so that it can be put back. The children of an index
 * need not be present.
 * Changes by several processes at once are safe among those that use this library; other tools know no lock.
 */
export function createLayoutRegistry(options: LayoutRegistryOptions): Registry {
  return new LayoutRegistry(options)
}

class LayoutRegistry implements Registry {
  readonly name: string
  readonly kind = 'layout'
  readonly publicHost: string
  readonly location: string
  #store: LayoutStore
  #graph: ManifestGraph

  constructor({ name, path, publicHost }: LayoutRegistryOptions) {
    this.#store = new LayoutStore(path)
    this.#graph = new ManifestGraph(this.#store.blobs)
    this.name = name
    this.publicHost = publicHost ?? name
    this.location = this.#store.path
  }

  async ping({ signal }: CallOptions = {}): Promise<void> {
    signal?.throwIfAborted()
    await this.#store.check()
    await this.#store.index(signal)
  }

  async capabilities({ signal }: CallOptions = {}): Promise<Capabilities> {
    signal?.throwIfAborted()
    const { version } = await this.#store.check()
    return { catalog: { state: 'yes', evidence: 'index.json lists them' }, product: `OCI image layout ${version}` }
  }

  async *repositories({ signal }: CallOptions = {}): Listing<RepositoryName> {
    await this.#store.check()
    const index = await this.#store.index(signal)
    yield* [...index.repositories.keys()].sort()
    return COMPLETE
  }

  /** Its index is at hand: nothing finds more than a look through it. */
  async search(): Promise<undefined> {}

  repository(name: RepositoryName): Repository {
    return new LayoutRepository(this, name, this.#store, this.#graph)
  }
}

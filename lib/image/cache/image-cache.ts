import type { Readable } from 'node:stream'
import type { Descriptor } from '../../oci/descriptor.ts'
import { type Digest, isDigest, parseDigest } from '../../oci/digest.ts'
import { FormatError } from '../../oci/format-error.ts'
import type { Manifest } from '../../oci/manifest.ts'
import type { Platform } from '../../oci/platform.ts'
import { type FullReference, parseFullReference, parseRepositoryName, selectorOf } from '../../oci/reference.ts'
import { isRegistryError, RegistryError } from '../../registry/errors.ts'
import type { BlobRead, CallOptions, Registry, Repository } from '../../registry/registry.ts'
import { type LoadOptions, loadArchive, tagIn } from '../archive/load-archive.ts'
import { digestAt } from '../graph/digest-at.ts'
import { DEFAULT_PLATFORM } from '../platform/choose-child.ts'
import { adopt } from './adopt.ts'
import { isComplete, pullIntoCache } from './cache-pull.ts'
import { type PushOptions, type PushReport, pushFromCache } from './cache-push.ts'
import { type ContentStore, createContentStore } from './content-store.ts'
import { createImageSource, type ImageSource, type ImageSourceOptions } from './image-source.ts'
import { mergeIndex } from './merge-index.ts'
import { platformImage } from './platform-image.ts'

export interface ImageCacheOptions {
  /** The layout that keeps the images. */
  readonly layout: Registry
  /** The registry for a host, such as `docker.io`; undefined if none may be used. */
  readonly registryFor: (host: string) => Registry | undefined
}

export interface CacheLookup extends CallOptions {
  /** Default linux/amd64: an image without it is not the one that is meant. */
  readonly platform?: Platform
  /** A digest, or a reference with one: only this image is accepted. */
  readonly trustedRef?: string
}

export interface CachePull extends CacheLookup {
  /** Asks the registry also when the image is in the cache. */
  readonly alwaysPull?: boolean
  /** Signatures and other referrers too. */
  readonly referrers?: boolean
}

/**
 * Images by the names that Docker's command line takes (`alpine` is `docker.io/library/alpine:latest`), kept in a
 * layout in which `docker.io/library/alpine` is a repository; in the host, the colon before a port is `-`. Where a
 * reference has a tag and a digest, the digest counts.
 */
export interface ImageCache {
  /** Null when it is not in the cache. */
  findDescriptor(reference: string, options?: CallOptions): Promise<Descriptor | null>
  /** Writes only what is missing. Throws `not-found` naming a platform that the image does not have. */
  imagePull(reference: string, options?: CachePull): Promise<ImageSource>
  /** Whether the image for the platform is there with its config and all layers. */
  imageInCache(reference: string, options?: CacheLookup): Promise<boolean>
  /** Whether `imagePull` would find the image for the platform. A failure is thrown, and never means false. */
  imageInRegistry(reference: string, options?: CacheLookup): Promise<boolean>
  /** Puts manifests of the cache into the index of that name, which is created if it doesn't exist. */
  indexWrite(reference: string, descriptors: readonly Descriptor[], options?: CallOptions): Promise<ImageSource>
  /** Loads an OCI or `docker save` archive; images without a repository's name go to `localhost/loaded`. Entries that aren't manifests are skipped. */
  imageLoad(archive: Readable, options?: Omit<LoadOptions, 'place' | 'overwrite'>): Promise<Descriptor[]>
  /**
   * Names a manifest of the cache, in place of what had the name. Throws `missing-content`, FormatError without a tag.
   */
  descriptorWrite(reference: string, descriptor: Descriptor, options?: CallOptions): Promise<ImageSource>
  push(name: string, remoteName?: string, options?: PushOptions): Promise<PushReport>
  newSource(reference: string, options?: ImageSourceOptions): ImageSource
  /** Throws `not-found`. */
  getContent(digest: Digest, options?: CallOptions): Promise<BlobRead>
  store(): ContentStore
}

/** An image cache over a layout. Its methods throw RegistryError and FormatError as the registries they ask do. */
export function createImageCache(options: ImageCacheOptions): ImageCache {
  return new LayoutImageCache(options)
}

class LayoutImageCache implements ImageCache {
  #layout: Registry
  #registryFor: ImageCacheOptions['registryFor']

  constructor({ layout, registryFor }: ImageCacheOptions) {
    this.#layout = layout
    this.#registryFor = registryFor
  }

  async findDescriptor(reference: string, options: CallOptions = {}): Promise<Descriptor | null> {
    const { local, parsed } = this.#parse(reference)
    try {
      return await local.resolve(selectorOf(parsed), options)
    } catch (error) {
      if (isRegistryError(error, 'not-found')) return null
      throw error
    }
  }

  async imagePull(reference: string, options: CachePull = {}): Promise<ImageSource> {
    const { alwaysPull = false, platform = DEFAULT_PLATFORM, trustedRef, referrers = false, signal } = options
    const { local, parsed } = this.#parse(reference)
    if (alwaysPull || !(await this.imageInCache(reference, options))) {
      const pinned = trustedDigest(trustedRef)
      await pullIntoCache({
        remote: this.#remote(parsed),
        local,
        reference: selectorOf(parsed),
        referrers,
        platform,
        ...(parsed.tag && !parsed.digest && { tag: parsed.tag }),
        ...(pinned && { pinned }),
        signal,
      })
    }
    return createImageSource(local, parsed, { platform })
  }

  async imageInCache(reference: string, lookup: CacheLookup = {}): Promise<boolean> {
    const { platform = DEFAULT_PLATFORM, trustedRef, signal } = lookup
    const { local, parsed } = this.#parse(reference)
    const options = { signal }
    const root = await readPresent(local, selectorOf(parsed), options)
    const pinned = trustedDigest(trustedRef)
    if (!root || (pinned && root.digest !== pinned)) return false
    return isComplete(local, root, platform, options)
  }

  async imageInRegistry(reference: string, lookup: CacheLookup = {}): Promise<boolean> {
    const { platform = DEFAULT_PLATFORM, trustedRef, signal } = lookup
    const { parsed } = this.#parse(reference)
    const options = { signal }
    const remote = this.#remote(parsed)
    const digest = await digestAt(remote, selectorOf(parsed), options)
    const pinned = trustedDigest(trustedRef)
    if (!digest || (pinned && digest !== pinned)) return false
    try {
      await platformImage(remote, await remote.manifest(digest, options), platform, options)
      return true
    } catch (error) {
      if (isRegistryError(error, 'not-found', 'missing-content')) return false
      throw error
    }
  }

  async indexWrite(
    reference: string,
    descriptors: readonly Descriptor[],
    options: CallOptions = {},
  ): Promise<ImageSource> {
    const { local, parsed, tag } = this.#parseNamed(reference)
    for (const { digest } of descriptors)
      await local.putManifest(digest, await this.#adopt(local, digest, options), options)
    for (let attempt = 0; ; attempt++) {
      const found = await readPresent(local, tag, options)
      const merged = mergeIndex(found?.kind === 'index' ? found : undefined, descriptors)
      try {
        await local.putManifest(tag, merged, { ...options, expect: found?.digest ?? null })
        return createImageSource(local, parsed)
      } catch (error) {
        // Another writer was quicker: merge with what it wrote.
        if (attempt >= 5 || !isRegistryError(error, 'conflict')) throw error
      }
    }
  }

  async imageLoad(archive: Readable, options: Omit<LoadOptions, 'place' | 'overwrite'> = {}): Promise<Descriptor[]> {
    const unnamed = this.#layout.repository(parseRepositoryName('localhost/loaded'))
    const { images } = await loadArchive(unnamed, archive, {
      ...options,
      overwrite: true,
      place: (name) => {
        const parsed = name !== undefined && /[/:]/.test(name) ? tryToParse(name) : undefined
        return { repository: parsed ? this.#layout.repository(cacheRepository(parsed)) : unnamed, ...tagIn(name) }
      },
    })
    return images.map(({ digest, mediaType, size }) => ({ mediaType, digest, size }))
  }

  async descriptorWrite(reference: string, { digest }: Descriptor, options: CallOptions = {}): Promise<ImageSource> {
    const { local, parsed, tag } = this.#parseNamed(reference)
    await local.putManifest(tag, await this.#adopt(local, digest, options), options)
    return createImageSource(local, parsed)
  }

  async push(name: string, remoteName = name, options: PushOptions = {}): Promise<PushReport> {
    const { local, parsed } = this.#parse(name)
    const { parsed: destination, tag } = this.#parseNamed(remoteName || name)
    return pushFromCache(local, selectorOf(parsed), this.#remote(destination), tag, options)
  }

  newSource(reference: string, options: ImageSourceOptions = {}): ImageSource {
    const { local, parsed } = this.#parse(reference)
    return createImageSource(local, parsed, options)
  }

  async getContent(digest: Digest, options: CallOptions = {}): Promise<BlobRead> {
    return this.store().read(digest, options)
  }

  store(): ContentStore {
    return createContentStore(this.#layout.repository(parseRepositoryName('localhost/content')))
  }

  #parse(reference: string): { local: Repository; parsed: FullReference } {
    const parsed = parseFullReference(reference)
    return { parsed, local: this.#layout.repository(cacheRepository(parsed)) }
  }

  #parseNamed(reference: string) {
    const { local, parsed } = this.#parse(reference)
    if (!parsed.tag || parsed.digest)
      throw new FormatError('reference', reference, 'a name with a tag and without a digest, for example alpine:3.20')
    return { local, parsed, tag: parsed.tag }
  }

  #remote({ host, repository }: FullReference): Repository {
    const registry = this.#registryFor(host)
    if (registry) return registry.repository(repository)
    throw new RegistryError('unreachable', `no registry is configured for ${host}: add it to the configuration`, {
      host,
    })
  }

  async #adopt(local: Repository, digest: Digest, options: CallOptions): Promise<Manifest> {
    const manifest = await adopt(local, digest, options)
    if (manifest) return manifest
    throw new RegistryError('missing-content', `the cache doesn’t have ${digest}: pull or load it first`, {
      expected: digest,
    })
  }
}

/** `docker.io/library/alpine`; what a host may hold and a repository may not becomes `-`. */
export function cacheRepository({ host, repository }: FullReference) {
  const folder = host
    .toLowerCase()
    .replace(/[^a-z0-9.-]+/g, '-')
    .replace(/^-+|-+$/g, '')
  return parseRepositoryName(`${folder}/${repository}`)
}

/** Archives may use image names that no registry accepts. */
function tryToParse(name: string): FullReference | undefined {
  try {
    return parseFullReference(name)
  } catch (error) {
    if (error instanceof FormatError) return undefined
    throw error
  }
}

function trustedDigest(trustedRef: string | undefined): Digest | undefined {
  if (!trustedRef) return undefined
  if (isDigest(trustedRef)) return trustedRef
  const at = trustedRef.lastIndexOf('@')
  if (at < 0)
    throw new FormatError(
      'reference',
      trustedRef,
      'a digest, or a reference with one, for example alpine@sha256:44136fa3…',
    )
  return parseDigest(trustedRef.slice(at + 1))
}

/** A tag whose file is lost is not in the cache: a pull brings it back. */
async function readPresent(local: Repository, reference: ReturnType<typeof selectorOf>, options: CallOptions) {
  try {
    return await local.manifest(reference, options)
  } catch (error) {
    if (isRegistryError(error, 'not-found', 'missing-content', 'digest-mismatch')) return undefined
    throw error
  }
}

import type { Readable } from 'node:stream'
import type { ImageConfig } from '../../oci/config.ts'
import type { Descriptor } from '../../oci/descriptor.ts'
import type { Manifest } from '../../oci/manifest.ts'
import type { Platform } from '../../oci/platform.ts'
import {
  type FullReference,
  formatFullReference,
  parseFullReference,
  type Selector,
  selectorOf,
} from '../../oci/reference.ts'
import { RegistryError } from '../../registry/errors.ts'
import type { CallOptions, Repository } from '../../registry/registry.ts'
import { type Archive, writeDockerArchive, writeOciArchive } from '../archive/write-archive.ts'
import { flatten } from '../flatten/flatten.ts'
import { imageOf } from '../inspect/image.ts'
import { type PlatformPath, resolvePath } from '../platform/resolve-platform.ts'
import { listReferrers } from '../referrers/referrers.ts'
import { readSbom, type SbomDocument } from '../referrers/sbom.ts'

/** One image of the cache, for one platform. Nothing is read before a method is called. */
export interface ImageSource {
  /** The target of the name: the index, for a multi-platform image. Throws `not-found`. */
  descriptor(options?: CallOptions): Promise<Descriptor>
  /** Throws `not-found` naming the platform, FormatError `config`. */
  config(options?: CallOptions): Promise<ImageConfig>
  /** The root file system as one tar; see `flatten`. */
  tarReader(options?: CallOptions): Promise<Readable>
  /** As `docker save` writes it; `name`, read as the command line reads it, instead of the name in the cache. */
  v1TarReader(name?: string, options?: CallOptions): Promise<Archive>
  /** An OCI archive of this platform's image, which `docker load` takes too. */
  ociTarReader(name?: string, options?: CallOptions): Promise<Archive>
  /**
   * SBOMs from attestations, referrers and cosign's tags, of the image and of its index, as far as they are in the
   * cache.
   */
  sboms(options?: CallOptions): Promise<SbomDocument[]>
}

export interface ImageSourceOptions {
  readonly platform?: Platform
  /** Default: what the reference points at when a method is called. */
  readonly descriptor?: Descriptor
}

/** An image source on any repository; the cache's are on its layout. */
export function createImageSource(
  repository: Repository,
  reference: FullReference,
  { platform, descriptor }: ImageSourceOptions = {},
): ImageSource {
  const target: Selector = descriptor?.digest ?? selectorOf(reference)
  const name = reference.tag
    ? formatFullReference({ host: reference.host, repository: reference.repository, tag: reference.tag })
    : undefined
  const read = async (options: CallOptions) => {
    const root = await repository.manifest(target, options)
    return resolvePath(repository, root, platform, options)
  }
  const named = (override: string | undefined) => {
    const chosen = override ? formatFullReference(parseFullReference(override)) : name
    return chosen ? { name: chosen } : {}
  }
  return {
    descriptor: async (options = {}) => descriptor ?? (await repository.resolve(target, options)),
    config: async (options = {}) => configOf(repository, (await read(options)).image, options),
    tarReader: async (options = {}) => (await flatten(repository, (await read(options)).image.digest, options)).stream,
    v1TarReader: async (override, options = {}) =>
      writeDockerArchive(repository, (await read(options)).image.digest, { ...options, ...named(override) }),
    ociTarReader: async (override, options = {}) =>
      writeOciArchive(repository, (await read(options)).image.digest, { ...options, ...named(override) }),
    sboms: async (options = {}) => {
      return sbomsOf(repository, await read(options), options)
    },
  }
}

async function configOf(repository: Repository, image: Manifest, options: CallOptions): Promise<ImageConfig> {
  const { config, configError } = await imageOf(repository, image, options)
  if (config) return config
  throw (
    configError ??
    new RegistryError('unsupported', `${image.digest} is not a container image: it has no configuration`, {
      repository: repository.name,
    })
  )
}

async function sbomsOf(
  repository: Repository,
  { through, image }: PlatformPath,
  options: CallOptions,
): Promise<SbomDocument[]> {
  const parent = through.at(-1)
  const found = await listReferrers(repository, image.digest, {
    ...options,
    manifest: image,
    ...(parent && { parent }),
  })
  const referrers = [...found.items]
  for (const index of through.toReversed()) {
    const { items } = await listReferrers(repository, index.digest, { ...options, manifest: index })
    // The attestations in an index are about one of its images each: ours have been found already.
    referrers.push(...items.filter(({ source }) => source !== 'attestation-child'))
  }
  const seen = new Set<string>()
  const documents: SbomDocument[] = []
  for (const referrer of referrers) {
    if (referrer.source === 'signature-store' || !referrer.sbom || seen.has(referrer.descriptor.digest)) continue
    seen.add(referrer.descriptor.digest)
    documents.push(...(await readSbom(repository, referrer.descriptor, options)))
  }
  return documents
}

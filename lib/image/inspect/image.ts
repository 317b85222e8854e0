import { type ImageConfig, parseImageConfig, schema1Config } from '../../oci/config.ts'
import type { Manifest } from '../../oci/manifest.ts'
import { isImageConfigType } from '../../oci/media-type.ts'
import type { Platform } from '../../oci/platform.ts'
import type { Selector } from '../../oci/reference.ts'
import type { CallOptions, Repository } from '../../registry/registry.ts'
import { resolvePlatform } from '../platform/resolve-platform.ts'

/** A manifest and, for an image, its config. */
export interface Image {
  readonly manifest: Manifest
  /** Absent for indexes, artifacts and unknown kinds, and when `configError` says why it could not be read. */
  readonly config?: ImageConfig
  /** The manifest stays readable when its config is missing, too large or malformed. */
  readonly configError?: Error
}

export interface ReadImageOptions extends CallOptions {
  /** Follows an index to its child for this platform. Without it an index is returned as it is. */
  readonly platform?: Platform
}

const CONFIG_LIMIT = 8 * 1024 * 1024

/**
 * Reads a manifest and its config: one request for the manifest, one for the config, one more for each index between.
 * @throws RegistryError, FormatError as `Repository.manifest` does; never because of the config
 */
export async function readImage(
  repository: Repository,
  reference: Selector,
  { platform, signal }: ReadImageOptions = {},
): Promise<Image> {
  const options = { signal }
  const found = await repository.manifest(reference, options)
  const manifest = platform ? await resolvePlatform(repository, found, platform, options) : found
  return imageOf(repository, manifest, options)
}

/** Adds the config to a manifest that has been read. */
export async function imageOf(
  repository: Repository,
  manifest: Manifest,
  { signal }: CallOptions = {},
): Promise<Image> {
  try {
    const config = await configOf(repository, manifest, { signal })
    return { manifest, ...(config && { config }) }
  } catch (error) {
    signal?.throwIfAborted()
    return { manifest, configError: error instanceof Error ? error : new Error(String(error)) }
  }
}

async function configOf(
  repository: Repository,
  manifest: Manifest,
  options: CallOptions,
): Promise<ImageConfig | undefined> {
  switch (manifest.kind) {
    case 'schema1':
      return schema1Config(manifest.document)
    case 'schema2':
    case 'oci-image':
      if (!isImageConfigType(manifest.config.mediaType)) return undefined
      return parseImageConfig(await repository.blobBytes(manifest.config.digest, { ...options, limit: CONFIG_LIMIT }))
    case 'index':
    case 'oci-artifact':
    case 'unknown':
      return undefined
  }
}

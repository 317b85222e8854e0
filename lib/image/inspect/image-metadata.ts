import { configPlatform } from '../../oci/config.ts'
import type { Digest } from '../../oci/digest.ts'
import type { Platform } from '../../oci/platform.ts'
import type { Selector } from '../../oci/reference.ts'
import { RegistryError } from '../../registry/errors.ts'
import type { Repository } from '../../registry/registry.ts'
import { resolvePlatform } from '../platform/resolve-platform.ts'
import { imageOf, type ReadImageOptions } from './image.ts'
import { type ImageSizes, measureSizes } from './image-sizes.ts'

/** Facts about one image, whichever kind of manifest describes it. */
export interface ImageMetadata {
  /** The image itself: of an index, the child that was chosen. */
  readonly digest: Digest
  readonly mediaType: string
  /** As the config says; `unknown` where it does not. */
  readonly platform: Platform
  /** RFC 3339, as the builder wrote it; of schema 1, that of the leaf. */
  readonly created?: string
  /** Bytes of each layer and of the whole. */
  readonly sizes: ImageSizes
}

/**
 * Size, platform and time of an image: the manifest, its config, and of an index the child for `platform` (default
 * linux/amd64). Schema 1 states no sizes, so that its layers are asked for one by one.
 * @throws RegistryError `not-found` naming the platforms there are, `unsupported` for anything but an image; FormatError for
 *   a malformed config
 */
export async function imageMetadata(
  repository: Repository,
  reference: Selector,
  { platform, signal }: ReadImageOptions = {},
): Promise<ImageMetadata> {
  const options = { signal }
  const found = await repository.manifest(reference, options)
  const manifest = await resolvePlatform(repository, found, platform, options)
  const [{ config, configError }, sizes] = await Promise.all([
    imageOf(repository, manifest, options),
    measureSizes(repository, manifest, options),
  ])
  if (configError) throw configError
  if (!config || !sizes)
    throw new RegistryError('unsupported', `${manifest.digest} is not a container image: it has no configuration`, {
      host: repository.registry.location,
      repository: repository.name,
    })
  const { digest, mediaType } = manifest
  return {
    digest,
    mediaType,
    platform: configPlatform(config),
    ...(config.created && { created: config.created }),
    sizes,
  }
}

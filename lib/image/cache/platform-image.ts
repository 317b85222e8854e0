import { configPlatform } from '../../oci/config.ts'
import { digestOf } from '../../oci/digester.ts'
import type { Manifest } from '../../oci/manifest.ts'
import { MEDIA_TYPE } from '../../oci/media-type.ts'
import { formatPlatform, type Platform } from '../../oci/platform.ts'
import { selectPlatform } from '../../oci/select-platform.ts'
import { RegistryError } from '../../registry/errors.ts'
import type { CallOptions, Repository } from '../../registry/registry.ts'
import { imageOf } from '../inspect/image.ts'
import { type PlatformPath, resolvePath } from '../platform/resolve-platform.ts'

/**
 * The image for a platform and the indexes that lead to it. Without an index, only its config says what an image runs
 * on; without a platform there, it runs anywhere.
 * @throws RegistryError `not-found`, naming the platform and those there are; `missing-content`
 */
export async function platformImage(
  repository: Repository,
  root: Manifest,
  platform: Platform,
  options: CallOptions,
): Promise<PlatformPath> {
  const path = await resolvePath(repository, root, platform, options)
  const other = root.kind === 'index' ? undefined : await otherPlatform(repository, root, platform, options)
  if (!other) return path
  throw new RegistryError(
    'not-found',
    `${repository.name} has nothing for ${formatPlatform(platform)}; it has ${formatPlatform(other)}`,
    { host: repository.registry.location, repository: repository.name, expected: formatPlatform(platform) },
  )
}

async function otherPlatform(
  repository: Repository,
  root: Manifest,
  wanted: Platform,
  options: CallOptions,
): Promise<Platform | undefined> {
  const { config } = await imageOf(repository, root, options)
  if (!config || config.os === 'unknown') return undefined
  const actual = configPlatform(config)
  return selectPlatform([{ ...NOTHING, platform: actual }], wanted) ? undefined : actual
}

const NOTHING = { mediaType: MEDIA_TYPE.ociEmpty, digest: digestOf('{}'), size: 2 } as const

import { configPlatform } from '../../oci/config.ts'
import type { Descriptor } from '../../oci/descriptor.ts'
import { childrenOf } from '../../oci/index-entries.ts'
import type { IndexManifest, Manifest } from '../../oci/manifest.ts'
import { MAX_DEPTH } from '../../oci/max-depth.ts'
import { isIndexType } from '../../oci/media-type.ts'
import { isAttestation, type Platform } from '../../oci/platform.ts'
import type { CallOptions, Repository } from '../../registry/registry.ts'
import { digestAt } from '../graph/digest-at.ts'
import { readIfPresent } from '../graph/scan-tags.ts'
import { imageOf } from '../inspect/image.ts'
import { aboutOf } from '../referrers/referrer.ts'
import { platformImage } from './platform-image.ts'

/** The part of an index that the cache has. */
export interface PresentChildren {
  /** A nested index is included if complete; otherwise its available children replace it. */
  readonly children: readonly Descriptor[]
  /** Nothing is missing. */
  readonly whole: boolean
}

/**
 * With a platform only its image and the attestations about it. Of a single image, itself with its platform, as an index
 * names it.
 * @throws RegistryError `not-found`, naming a platform that is not there
 */
export async function presentChildren(
  local: Repository,
  root: Manifest,
  platform: Platform | undefined,
  options: CallOptions,
): Promise<PresentChildren> {
  if (root.kind === 'index')
    return platform ? ofPlatform(local, root, platform, options) : presentIn(local, root, options, 1)
  const { config } = await imageOf(local, root, options)
  const { mediaType, digest, size } = root
  return { children: [{ mediaType, digest, size, ...(config && { platform: configPlatform(config) }) }], whole: true }
}

async function ofPlatform(
  local: Repository,
  root: IndexManifest,
  platform: Platform,
  options: CallOptions,
): Promise<PresentChildren> {
  const { image, through } = await platformImage(local, root, platform, options)
  const children: Descriptor[] = []
  for (const child of through.at(-1)?.manifests ?? []) {
    const isMeant = child.digest === image.digest || (isAttestation(child) && aboutOf(child) === image.digest)
    if (isMeant && (await digestAt(local, child.digest, options))) children.push(child)
  }
  return { children, whole: false }
}

async function presentIn(
  local: Repository,
  index: IndexManifest,
  options: CallOptions,
  depth: number,
): Promise<PresentChildren> {
  const children: Descriptor[] = []
  let whole = true
  for (const child of childrenOf(index)) {
    const nested = isIndexType(child.mediaType) && (await readIfPresent(local, child.digest, options))
    if (nested && nested.kind === 'index' && depth < MAX_DEPTH) {
      const inside = await presentIn(local, nested, options, depth + 1)
      if (inside.whole) children.push(child)
      else children.push(...inside.children)
      whole &&= inside.whole
    } else if (await digestAt(local, child.digest, options)) children.push(child)
    else whole = false
  }
  return { children, whole }
}

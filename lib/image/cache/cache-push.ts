import type { Descriptor } from '../../oci/descriptor.ts'
import type { Digest } from '../../oci/digest.ts'
import { digestOf } from '../../oci/digester.ts'
import type { IndexManifest, Manifest } from '../../oci/manifest.ts'
import type { Tag } from '../../oci/reference.ts'
import { RegistryError } from '../../registry/errors.ts'
import type { CallOptions, ManifestContent, Repository } from '../../registry/registry.ts'
import { copyImage } from '../copy.ts'
import { digestAt } from '../digest-at.ts'
import { imageOf } from '../image.ts'
import { readIfPresent } from '../scan-tags.ts'
import { mergeIndex } from './merge-index.ts'

export interface PushOptions extends CallOptions {
  /** Pushes an index: the one at the other side with our platforms merged into it, or a new one. */
  readonly withManifest?: boolean
  /** Whether what the tag names there, or an image of its index for one of our platforms, may be replaced. */
  readonly override?: boolean
}

export interface PushReport {
  readonly outcome: 'unchanged' | 'pushed' | 'merged'
  /** What the tag names at the other side now. */
  readonly digest: Digest
}

/**
 * @throws RegistryError `exists` without leave to override, `conflict` when the tag moved meanwhile, `missing-content`
 */
export async function pushFromCache(
  local: Repository,
  from: Tag | Digest,
  remote: Repository,
  tag: Tag,
  { withManifest = false, override = false, signal }: PushOptions,
): Promise<PushReport> {
  const options = { ...(signal && { signal }) }
  const root = await local.manifest(from, options)
  const found = await digestAt(remote, tag, options)
  if (found === root.digest) return { outcome: 'unchanged', digest: root.digest }
  const expect = found ?? null
  if (!withManifest) {
    if (found && !override) throw exists(remote, tag, root.digest, found)
    const { digest } = await copyImage(
      { repository: local, reference: root.digest },
      { repository: remote, reference: tag, expect },
      options,
    )
    return { outcome: 'pushed', digest }
  }
  const there = found && (await readIfPresent(remote, found, options))
  const present = await presentChildren(local, root, options)
  const { content, replaced } = merge(there, root, present)
  const digest = digestOf(content.bytes)
  if (digest === found) return { outcome: 'unchanged', digest }
  if ((replaced || (there && there.kind !== 'index')) && !override) throw exists(remote, tag, digest, replaced ?? found)
  for (const child of present)
    await copyImage({ repository: local, reference: child.digest }, { repository: remote }, options)
  await remote.putManifest(tag, content, { ...options, expect })
  return { outcome: there?.kind === 'index' ? 'merged' : 'pushed', digest }
}

function merge(there: Manifest | undefined, root: Manifest, present: readonly Descriptor[]) {
  const base: IndexManifest | undefined = there?.kind === 'index' ? there : undefined
  // An index that is whole and has nothing to merge with goes as it is.
  if (!base && root.kind === 'index' && present.length === root.manifests.length)
    return { content: { mediaType: root.mediaType, bytes: root.bytes } satisfies ManifestContent, replaced: undefined }
  const { mediaType, bytes, replaced } = mergeIndex(base, present)
  return { content: { mediaType, bytes } satisfies ManifestContent, replaced: replaced[0]?.digest }
}

/** What the cache holds of an index; a single image with its platform, as an index names it. */
async function presentChildren(local: Repository, root: Manifest, options: CallOptions): Promise<Descriptor[]> {
  if (root.kind === 'index') {
    const present: Descriptor[] = []
    for (const child of root.manifests) if (await digestAt(local, child.digest, options)) present.push(child)
    return present
  }
  const { config } = await imageOf(local, root, options)
  const { mediaType, digest, size } = root
  const platform = config && {
    os: config.os,
    architecture: config.architecture,
    ...(config.variant && { variant: config.variant }),
    ...(config.osVersion && { osVersion: config.osVersion }),
  }
  return [{ mediaType, digest, size, ...(platform && { platform }) }]
}

function exists(remote: Repository, tag: Tag, expected: Digest, found: Digest | undefined): RegistryError {
  return new RegistryError(
    'exists',
    `${remote.name}:${tag} exists and is another image: push again with leave to override it`,
    {
      host: remote.registry.location,
      repository: remote.name,
      expected,
      ...(found && { found }),
    },
  )
}

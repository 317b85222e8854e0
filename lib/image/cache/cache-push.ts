import type { Digest } from '../../oci/digest.ts'
import { digestOf } from '../../oci/digester.ts'
import type { IndexManifest, Manifest } from '../../oci/manifest.ts'
import type { Platform } from '../../oci/platform.ts'
import type { Tag } from '../../oci/reference.ts'
import { isRegistryError, RegistryError } from '../../registry/errors.ts'
import type { CallOptions, ManifestContent, Repository } from '../../registry/registry.ts'
import { type CopyDestination, copyImage } from '../copy/copy.ts'
import { digestAt } from '../graph/digest-at.ts'
import { readIfPresent } from '../graph/scan-tags.ts'
import { mergeIndex } from './merge-index.ts'
import { platformImage } from './platform-image.ts'
import { type PresentChildren, presentChildren } from './present-children.ts'

export interface PushOptions extends CallOptions {
  /** Of an index only its image for this platform, as an image of its own or, `withManifest`, in an index. */
  readonly platform?: Platform
  /** Pushes an index: the one at the other side with our platforms merged into it, or a new one. */
  readonly withManifest?: boolean
  /** Whether the tag's target there, or an image of its index for one of our platforms, may be replaced. */
  readonly override?: boolean
}

export interface PushReport {
  readonly outcome: 'unchanged' | 'pushed' | 'merged'
  /** The tag's current target at the other side. */
  readonly digest: Digest
}

/**
 * An index goes as it is, and has to be whole in the cache: see `platform` and `withManifest` for one of which only a
 * part was pulled.
 * @throws RegistryError `not-found` for a platform that is not there, `exists` without leave to override, `conflict` when the tag moved meanwhile, `missing-content`
 */
export async function pushFromCache(
  local: Repository,
  from: Tag | Digest,
  remote: Repository,
  tag: Tag,
  { platform, withManifest = false, override = false, signal }: PushOptions,
): Promise<PushReport> {
  const options = { signal }
  const root = await local.manifest(from, options)
  const found = await digestAt(remote, tag, options)
  const expect = found ?? null
  if (!withManifest) {
    const pushed = platform ? (await platformImage(local, root, platform, options)).image : root
    if (found === pushed.digest) return { outcome: 'unchanged', digest: pushed.digest }
    if (found && !override) throw exists(remote, tag, pushed.digest, found)
    await pushWhole(local, pushed, { repository: remote, reference: tag, expect }, options)
    return { outcome: 'pushed', digest: pushed.digest }
  }
  if (found === root.digest && !platform) return { outcome: 'unchanged', digest: root.digest }
  const there = found && (await readIfPresent(remote, found, options))
  const present = await presentChildren(local, root, platform, options)
  if (present.children.length === 0) throw notWhole(local, root)
  const { content, replaced } = merge(there, root, present)
  const digest = digestOf(content.bytes)
  if (digest === found) return { outcome: 'unchanged', digest }
  if ((replaced || (there && there.kind !== 'index')) && !override) throw exists(remote, tag, digest, replaced ?? found)
  for (const child of present.children)
    await copyImage({ repository: local, reference: child.digest }, { repository: remote }, options)
  await remote.putManifest(tag, content, { ...options, expect })
  return { outcome: there?.kind === 'index' ? 'merged' : 'pushed', digest }
}

function merge(there: Manifest | undefined, root: Manifest, { children, whole }: PresentChildren) {
  const base: IndexManifest | undefined = there?.kind === 'index' ? there : undefined
  // An index that is whole and has nothing to merge with goes as it is.
  if (!base && root.kind === 'index' && whole)
    return { content: { mediaType: root.mediaType, bytes: root.bytes } satisfies ManifestContent, replaced: undefined }
  const { mediaType, bytes, replaced } = mergeIndex(base, children)
  return { content: { mediaType, bytes } satisfies ManifestContent, replaced: replaced[0]?.digest }
}

/** A pull brings one platform of an index, which then cannot be pushed as it is. */
async function pushWhole(local: Repository, root: Manifest, destination: CopyDestination, options: CallOptions) {
  try {
    await copyImage({ repository: local, reference: root.digest }, destination, options)
  } catch (error) {
    if (root.kind === 'index' && isRegistryError(error, 'missing-content')) throw notWhole(local, root, error)
    throw error
  }
}

function notWhole(local: Repository, root: Manifest, cause?: unknown): RegistryError {
  return new RegistryError(
    'missing-content',
    `the cache doesn’t have every platform of ${root.digest}: push one of them (platform), or an index of those it has (withManifest)`,
    { host: local.registry.location, repository: local.name, expected: root.digest },
    { cause },
  )
}

function exists(remote: Repository, tag: Tag, expected: Digest, found: Digest | undefined): RegistryError {
  return new RegistryError(
    'exists',
    `${remote.name}:${tag} already points at another image: push again with permission to override it`,
    {
      host: remote.registry.location,
      repository: remote.name,
      expected,
      ...(found && { found }),
    },
  )
}

import type { Digest } from '../../../oci/digest.ts'
import type { Manifest } from '../../../oci/manifest.ts'
import type { Tag } from '../../../oci/reference.ts'
import { mapConcurrent } from '../../concurrent.ts'
import { isRegistryError, RegistryError } from '../../errors.ts'
import { collect } from '../../listing.ts'
import type { DeleteManifestOptions } from '../../registry.ts'
import { listTags } from '../listing/tags.ts'
import { removeFromFallback } from '../manifests/fallback-index.ts'
import { digestIfPresent, fetchManifest } from '../manifests/manifests.ts'
import type { RepositoryContext } from '../repository-context.ts'
import { deleteByDigest } from './delete-by-digest.ts'
import { requestDelete } from './delete-capabilities.ts'
import { tagsOn } from './tags-on.ts'

/**
 * Deletes a manifest by digest and so every tag on it, after making sure that these are the tags the user was shown.
 * Where the registry keeps no referrers itself, the fallback index of its subject loses the entry.
 */
export async function deleteManifest(
  context: RepositoryContext,
  digest: Digest,
  options: DeleteManifestOptions,
): Promise<void> {
  const call = { signal: options.signal }
  const manifest = options.manifest ?? (await fetchManifest(context, digest, call))
  const found = [...(options.tagsNow ?? (await tagsOn(context, digest, call)))]
  const expected = new Set(options.expectTags)
  if (found.length !== expected.size || found.some((tag) => !expected.has(tag)))
    throw new RegistryError('conflict', `the tags on ${digest} aren’t the ones that were shown`, {
      ...place(context),
      expected: [...expected].sort().join(', ') || 'no tags',
      found: found.sort().join(', ') || 'no tags',
    })
  const refusal = await deleteByDigest(context, { digest, document: manifest, tags: found }, call)
  // A request whose connection broke is sent again: the first one may have succeeded.
  if (refusal && !isRegistryError(refusal, 'not-found')) throw refusal
  // A caller that watches all tags notices one that stays, where none has before.
  const isWatched = options.tagsNow !== undefined && context.facts.leavesTags === false
  const [left, surviving] = await Promise.all([
    digestIfPresent(context, digest),
    isWatched ? [] : deleteLeftTags(context, digest, options.expectTags),
  ])
  const isLeft = surviving.length > 0 ? (await digestIfPresent(context, digest)) !== undefined : left !== undefined
  if (isLeft) {
    const message = 'the registry accepted the deletion but still has the manifest'
    throw refusal ?? new RegistryError('unsupported', message, place(context))
  }
  await forgetReferrer(context, manifest)
}

/**
 * Some registries keep a copy of the manifest under each tag (go-containerregistry’s), others keep listing tags that
 * point at nothing (CUE’s ociregistry): those are deleted one by one. The first deletion shows whether this one does.
 * @returns those that pointed at the manifest
 */
async function deleteLeftTags(
  context: RepositoryContext,
  digest: Digest,
  tags: readonly Tag[],
): Promise<readonly Tag[]> {
  const { facts } = context
  const found = await mapConcurrent(tags, (tag) => digestIfPresent(context, tag))
  const surviving = tags.filter((_, at) => found[at] === digest)
  if (await deleteTags(context, surviving)) facts.leavesTags = true
  const absent = tags.filter((_, at) => found[at] === undefined)
  if (absent.length === 0 || facts.leavesTags === false) return surviving
  const { items, complete } = await listedNow(context)
  const listed = absent.filter((tag) => items.has(tag))
  // One that is listed may have been pushed since.
  const now = await mapConcurrent(listed, (tag) => digestIfPresent(context, tag))
  const unresolved = listed.filter((_, at) => now[at] === undefined)
  if (await deleteTags(context, unresolved)) facts.leavesTags = true
  else if (complete && listed.length === 0) facts.leavesTags ??= surviving.length > 0
  return surviving
}

/** The manifest is already deleted: a list that fails doesn't change that. */
async function listedNow(context: RepositoryContext): Promise<{ items: ReadonlySet<Tag>; complete: boolean }> {
  try {
    const { items, end } = await collect(listTags(context, {}))
    return { items: new Set(items), complete: end.complete }
  } catch (error) {
    if (!isRegistryError(error)) throw error
    return { items: new Set(), complete: false }
  }
}

/** Whether the registry accepted any: the caller's check names a tag that is still there. */
async function deleteTags(context: RepositoryContext, tags: readonly Tag[]): Promise<boolean> {
  const accepted = await mapConcurrent(tags, async (tag) => {
    try {
      await requestDelete(context, tag, {})
      return true
    } catch (error) {
      if (!isRegistryError(error)) throw error
      return false
    }
  })
  return accepted.includes(true)
}

async function forgetReferrer(context: RepositoryContext, manifest: Manifest): Promise<void> {
  if (!manifest.subject || context.facts.referrersApi) return
  try {
    await removeFromFallback(context, manifest.subject.digest, manifest.digest)
  } catch (error) {
    // The deletion itself is done; a dangling entry is shown as missing.
    if (!isRegistryError(error)) throw error
  }
}

function place(context: RepositoryContext) {
  return { host: context.client.endpoint.host, repository: context.name }
}

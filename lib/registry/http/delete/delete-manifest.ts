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
  const [left, digests] = await Promise.all([
    digestIfPresent(context, digest),
    mapConcurrent(options.expectTags, (tag) => digestIfPresent(context, tag)),
  ])
  const tagsAt = (now: Digest | undefined) => options.expectTags.filter((_, at) => digests[at] === now)
  // Some registries keep a copy of the manifest under each tag (go-containerregistry’s).
  const surviving = tagsAt(digest)
  await deleteTags(context, surviving)
  await deleteLeftTags(context, tagsAt(undefined))
  const isLeft = surviving.length > 0 ? (await digestIfPresent(context, digest)) !== undefined : left !== undefined
  if (isLeft) {
    const message = 'the registry accepted the deletion but still has the manifest'
    throw refusal ?? new RegistryError('unsupported', message, place(context))
  }
  await forgetReferrer(context, manifest)
}

/**
 * Some registries keep listing tags whose manifest is deleted (CUE’s ociregistry). The first deletion shows whether this
 * one does, so that others needn’t list the tags again.
 */
async function deleteLeftTags(context: RepositoryContext, tags: readonly Tag[]): Promise<void> {
  if (tags.length === 0 || context.facts.leavesTags === false) return
  const { items, complete } = await listedNow(context)
  const listed = tags.filter((tag) => items.has(tag))
  // One that is listed may have been pushed since.
  const now = await mapConcurrent(listed, (tag) => digestIfPresent(context, tag))
  const deleted = await deleteTags(
    context,
    listed.filter((_, at) => now[at] === undefined),
  )
  if (deleted || complete) context.facts.leavesTags ||= deleted
}

/** The manifest is deleted already: a list that fails is no reason to report otherwise. */
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

import type { Digest } from '../../../oci/digest.ts'
import type { Manifest } from '../../../oci/manifest.ts'
import type { Tag } from '../../../oci/reference.ts'
import { mapConcurrent } from '../../concurrent.ts'
import { isRegistryError, RegistryError } from '../../errors.ts'
import { collect } from '../../listing.ts'
import type { CallOptions, DeleteManifestOptions } from '../../registry.ts'
import { listTags } from '../listing/tags.ts'
import { removeFromFallback } from '../manifests/fallback-index.ts'
import { digestNow, fetchManifest } from '../manifests/manifests.ts'
import type { RepositoryContext } from '../repository-context.ts'
import { requestDelete } from './delete-capabilities.ts'

/**
 * Deletes a manifest by digest and so every tag on it, after making sure that these are the tags the user was shown.
 * Where the registry keeps no referrers itself, the fallback index of its subject loses the entry.
 */
export async function deleteManifest(
  context: RepositoryContext,
  digest: Digest,
  options: DeleteManifestOptions,
): Promise<void> {
  const call: CallOptions = options.signal ? { signal: options.signal } : {}
  const manifest = await fetchManifest(context, digest, call)
  const found = await tagsOn(context, digest, call)
  const expected = new Set(options.expectTags)
  if (found.length !== expected.size || found.some((tag) => !expected.has(tag)))
    throw new RegistryError('conflict', `the tags on ${digest} are not those that were shown`, {
      ...place(context),
      expected: [...expected].sort().join(', ') || 'no tags',
      found: found.sort().join(', ') || 'no tags',
    })
  let gone: unknown
  try {
    await requestDelete(context, digest, call)
  } catch (error) {
    // A request whose connection broke is sent again: the first one may have had its effect.
    if (!isRegistryError(error, 'not-found')) throw error
    gone = error
  }
  if ((await digestNow(context, digest, {})) !== undefined) {
    const message = 'the registry accepted the deletion but the manifest is still there'
    throw gone ?? new RegistryError('unsupported', message, place(context))
  }
  await forgetReferrer(context, manifest)
}

/** Every tag whose digest is this one, over all pages. @throws RegistryError `conflict` when the tags cannot all be seen */
async function tagsOn(context: RepositoryContext, digest: Digest, options: CallOptions): Promise<Tag[]> {
  const { items, end } = await collect(listTags(context, options))
  if (!end.complete)
    throw new RegistryError('conflict', `not every tag could be looked at: ${end.reason}`, place(context))
  const digests = await mapConcurrent(items, (tag) => digestNow(context, tag, options), options)
  return items.filter((_, i) => digests[i] === digest)
}

async function forgetReferrer(context: RepositoryContext, manifest: Manifest): Promise<void> {
  if (!manifest.subject || context.facts.referrersApi) return
  try {
    await removeFromFallback(context, manifest.subject.digest, manifest.digest)
  } catch (error) {
    // The deletion itself is done; an entry that leads nowhere is shown as missing.
    if (!isRegistryError(error)) throw error
  }
}

function place(context: RepositoryContext) {
  return { host: context.client.endpoint.host, repository: context.name }
}

import type { Digest } from '../../../oci/digest.ts'
import { FormatError } from '../../../oci/format-error.ts'
import type { Tag } from '../../../oci/reference.ts'
import { mapConcurrent } from '../../concurrent.ts'
import { isRegistryError, RegistryError } from '../../errors.ts'
import { isPlaceholder, type Placeholder } from '../../placeholder.ts'
import type { DeleteTagOptions, DeletionRecord, TagDeletion } from '../../registry.ts'
import { digestIfPresent, digestNow, fetchManifest, sendManifest } from '../manifests/manifests.ts'
import type { RepositoryContext } from '../repository-context.ts'
import { header } from '../wire/transport.ts'
import { type DoomedManifest, deleteByDigest } from './delete-by-digest.ts'
import { ignoreRefusal, journalled, moved } from './deletion-outcome.ts'

/** Milliseconds that a reading of the tag is valid: as long as the following requests take anyway. */
const FRESH = 50

/**
 * Deletes a tag by letting a placeholder take it and deleting that by its digest. From the first write on the caller's
 * signal is not heard: half of it must not be left. Undefined when the registry does not keep the placeholder as it is.
 * A race remains between the last look and the PUT: the protocol has no compare-and-swap.
 * @param options.seenAt when the tag was last seen on its digest, as `performance.now()` tells: it is looked at again
 *   unless that was just now
 */
export async function replaceThenDelete(
  context: RepositoryContext,
  record: DeletionRecord,
  placeholder: Placeholder,
  { seenAt = Number.NEGATIVE_INFINITY, ...options }: DeleteTagOptions & { readonly seenAt?: number },
): Promise<TagDeletion | undefined> {
  if (performance.now() - seenAt > FRESH) {
    const now = await digestNow(context, record.tag, options.signal ? { signal: options.signal } : {})
    if (now !== record.digest) throw moved(context, record.tag, record.digest, now)
  }
  options.signal?.throwIfAborted()
  const entry = await options.journal?.begin({ ...record, placeholder: placeholder.digest })
  return journalled(entry, async () => {
    const taken = await takeTag(context, record, placeholder)
    if (!taken) return undefined
    await entry?.step('replaced', taken)
    const failure = await deletePlaceholder(context, { digest: taken, document: placeholder, tags: [record.tag] })
    const [left, spared] = await Promise.all([
      digestIfPresent(context, record.tag),
      sparedBy(context, record.digest, siblingsOf(record.tag, options)),
    ])
    // Some accept requests without carrying them out.
    if (left === taken) {
      await putBack(context, record)
      await entry?.step('restored')
      return {
        outcome: 'restored',
        reason: failure?.message ?? 'the registry accepts deletions without carrying them out',
      }
    }
    // A push in the meantime keeps the tag. When the answer to the DELETE got lost, its effect was not.
    if (left) throw moved(context, record.tag, record.digest, left)
    await entry?.step('deleted', taken)
    // If a registry deleted the original along with its last tag, its bytes are restored at once.
    if (spared.length === 0) await sendManifest(context, record.digest, record)
    return { outcome: 'replaced-then-deleted', placeholder: taken, form: placeholder.form, spared }
  })
}

/** Those that are looked at: one of many shows what became of the others. */
function siblingsOf(tag: Tag, { siblings = [], isOneOfMany }: DeleteTagOptions): readonly Tag[] {
  const others = siblings.filter((sibling) => sibling !== tag)
  return isOneOfMany ? others.slice(0, 1) : others
}

/** The siblings that are on the manifest, and the manifest: each sibling shows that it exists. Empty: it doesn't. */
async function sparedBy(
  context: RepositoryContext,
  digest: Digest,
  siblings: readonly Tag[],
): Promise<readonly (Tag | Digest)[]> {
  // What becomes of a sibling that can't be read is for the caller to find out.
  const found = await mapConcurrent(siblings, (sibling) => digestNow(context, sibling, {}).catch(ignoreRefusal))
  const spared = siblings.filter((_, at) => found[at] === digest)
  return spared.length > 0 || (await digestNow(context, digest, {})) ? [digest, ...spared] : []
}

/** PUTs the placeholder and checks which digest it got; a concurrent push keeps the tag. */
async function takeTag(
  context: RepositoryContext,
  record: DeletionRecord,
  placeholder: Placeholder,
): Promise<Digest | undefined> {
  let failure: unknown
  let stored: string | undefined
  try {
    stored = header(await sendManifest(context, record.tag, placeholder), 'docker-content-digest')
    // Only our manifest has this digest, whatever the tag points at by now.
    if (stored === placeholder.digest) return placeholder.digest
  } catch (error) {
    // It may have been stored all the same, as when the connection broke afterwards: the tag shows.
    failure = error
  }
  const now = await digestNow(context, record.tag, {})
  if (now === placeholder.digest) return now
  if (now === record.digest) {
    if (failure === undefined || isRegistryError(failure, 'invalid', 'digest-mismatch', 'unsupported')) return undefined
    throw failure
  }
  if (now && (await isOurs(context, now, placeholder))) return now
  // A rewritten white-space placeholder is kept when the tag is restored: its digest may be a sibling's.
  if (now && now === stored) {
    await putBack(context, record)
    return undefined
  }
  await deletePlaceholder(context, { digest: placeholder.digest, document: placeholder, tags: [] })
  throw moved(context, record.tag, record.digest, now)
}

/** Whether this is our placeholder as rewritten by a registry that reformats documents. */
async function isOurs(context: RepositoryContext, found: Digest, placeholder: Placeholder): Promise<boolean> {
  if (placeholder.nonce === undefined) return false
  try {
    return isPlaceholder(await fetchManifest(context, found), placeholder)
  } catch (error) {
    if (error instanceof FormatError || isRegistryError(error, 'not-found')) return false
    throw error
  }
}

/** @throws RegistryError `conflict` when somebody else has the tag, `unsupported` where the registry rewrites the original, too */
async function putBack(context: RepositoryContext, record: DeletionRecord): Promise<void> {
  const stored = header(await sendManifest(context, record.tag, record), 'docker-content-digest')
  const now = await digestNow(context, record.tag, {})
  if (now === record.digest) return
  if (!now || now !== stored) throw moved(context, record.tag, record.digest, now)
  const { host } = context.client.endpoint
  const message = `${host} rewrites manifests: ${record.tag} now points at its own version of the same one, ${now}, which can be deleted`
  throw new RegistryError('unsupported', message, { host, repository: context.name })
}

/**
 * Whether deletions by digest work, if probing with a random digest was inconclusive: an untagged manifest, which can't
 * be pulled by accident, is put and deleted.
 */
export async function proveDeletes(context: RepositoryContext, placeholder: Placeholder): Promise<boolean> {
  await sendManifest(context, placeholder.digest, placeholder)
  return (
    (await deletePlaceholder(context, { digest: placeholder.digest, document: placeholder, tags: [] })) === undefined &&
    (await digestNow(context, placeholder.digest, {})) === undefined
  )
}

/** The reason if it couldn't be deleted; undefined if it's deleted. */
async function deletePlaceholder(context: RepositoryContext, doomed: DoomedManifest): Promise<Error | undefined> {
  const failure = await deleteByDigest(context, doomed, {})
  return isRegistryError(failure, 'not-found') ? undefined : failure
}

import type { Digest } from '../../../oci/digest.ts'
import { FormatError } from '../../../oci/format-error.ts'
import { isRegistryError, RegistryError } from '../../errors.ts'
import type { DeleteTagOptions, DeletionRecord, TagDeletion } from '../../registry.ts'
import { isStandIn, type StandIn } from '../../stand-in.ts'
import { digestNow, fetchManifest, sendManifest } from '../manifests/manifests.ts'
import type { RepositoryContext } from '../repository-context.ts'
import { header } from '../wire/transport.ts'
import { requestDelete } from './delete-capabilities.ts'
import { journalled, moved } from './deletion-outcome.ts'

/**
 * Deletes a tag by letting a stand-in take it and deleting that by its digest. From the first write on the caller's
 * signal is not heard: half of it must not be left. Undefined when the registry does not keep the stand-in as it is.
 * A race remains between the last look and the PUT: the protocol has no compare-and-swap.
 */
export async function replaceThenDelete(
  context: RepositoryContext,
  record: DeletionRecord,
  standIn: StandIn,
  options: DeleteTagOptions,
): Promise<TagDeletion | undefined> {
  const now = await digestNow(context, record.tag, options.signal ? { signal: options.signal } : {})
  if (now !== record.digest) throw moved(context, record.tag, record.digest, now)
  options.signal?.throwIfAborted()
  const entry = await options.journal?.begin({ ...record, standIn: standIn.digest })
  return journalled(entry, async () => {
    const taken = await takeTag(context, record, standIn)
    if (!taken) return undefined
    await entry?.step('replaced', taken)
    const failure = await deleteStandIn(context, taken)
    const [left, original] = await Promise.all([
      digestNow(context, record.tag, {}),
      digestNow(context, record.digest, {}),
    ])
    // Some accept what they do not do.
    if (left === taken) {
      await putBack(context, record)
      await entry?.step('restored')
      return { outcome: 'restored', reason: failure?.message ?? 'the registry accepts deletions without doing them' }
    }
    // When the answer to the DELETE got lost, its effect was not.
    if (failure && left) throw moved(context, record.tag, record.digest, left)
    await entry?.step('deleted', taken)
    // Where a registry took the original along with its last tag, its bytes are put back at once.
    if (!original) await sendManifest(context, record.digest, record)
    return { outcome: 'replaced-then-deleted', standIn: taken, form: standIn.form }
  })
}

/** PUTs the stand-in and looks under which digest it is there; whoever pushed meanwhile keeps the tag. */
async function takeTag(
  context: RepositoryContext,
  record: DeletionRecord,
  standIn: StandIn,
): Promise<Digest | undefined> {
  let failure: unknown
  let stored: string | undefined
  try {
    stored = header(await sendManifest(context, record.tag, standIn), 'docker-content-digest')
  } catch (error) {
    // It may have been stored all the same, as when the connection broke after it: the tag tells.
    failure = error
  }
  const now = await digestNow(context, record.tag, {})
  if (now === standIn.digest) return now
  if (now === record.digest) {
    if (failure === undefined || isRegistryError(failure, 'invalid', 'digest-mismatch', 'unsupported')) return undefined
    throw failure
  }
  if (now && (await isOurs(context, now, standIn))) return now
  // What became of white space is left when the tag is put back: its digest may be a sibling's.
  if (now && now === stored) {
    await putBack(context, record)
    return undefined
  }
  await deleteStandIn(context, standIn.digest)
  throw moved(context, record.tag, record.digest, now)
}

/** Whether a registry that lays documents out in its own way has made this of our stand-in. */
async function isOurs(context: RepositoryContext, found: Digest, standIn: StandIn): Promise<boolean> {
  if (standIn.nonce === undefined) return false
  try {
    return isStandIn(await fetchManifest(context, found), standIn)
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
 * Whether deletions by digest work, where asking for what does not exist said nothing: a manifest without a tag, which
 * nobody can pull by accident, is put and deleted.
 */
export async function proveDeletes(context: RepositoryContext, standIn: StandIn): Promise<boolean> {
  await sendManifest(context, standIn.digest, standIn)
  return (
    (await deleteStandIn(context, standIn.digest)) === undefined &&
    (await digestNow(context, standIn.digest, {})) === undefined
  )
}

/** The reason when it could not be deleted; undefined when it is gone. */
async function deleteStandIn(context: RepositoryContext, digest: Digest): Promise<Error | undefined> {
  try {
    await requestDelete(context, digest, {})
    return undefined
  } catch (error) {
    if (isRegistryError(error, 'not-found')) return undefined
    return error instanceof Error ? error : new Error(String(error))
  }
}

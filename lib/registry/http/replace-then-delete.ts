import { isRegistryError } from '../errors.ts'
import type { DeleteTagOptions, DeletionEntry, DeletionRecord, TagDeletion } from '../registry.ts'
import { requestDelete } from './delete-capabilities.ts'
import { journalled, moved } from './deletion-outcome.ts'
import { digestNow, sendManifest } from './manifests.ts'
import type { RepositoryContext } from './repository-context.ts'
import type { StandIn } from './stand-in.ts'
import { header } from './transport.ts'

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
    await entry?.step('replaced', standIn.digest)
    const failure = await deleteStandIn(context, standIn)
    if (failure) return restore(context, record, standIn, failure, entry)
    const [left, original] = await Promise.all([
      digestNow(context, record.tag, {}),
      digestNow(context, record.digest, {}),
    ])
    // Some accept what they do not do.
    if (left === standIn.digest)
      return restore(context, record, standIn, new Error('the registry accepts deletions without doing them'), entry)
    await entry?.step('deleted', standIn.digest)
    if (original === undefined) await sendManifest(context, record.digest, record)
    return { outcome: 'replaced-then-deleted', standIn: standIn.digest }
  })
}

/** PUTs the stand-in and looks whether it is there; whoever pushed meanwhile keeps the tag. */
async function takeTag(context: RepositoryContext, record: DeletionRecord, standIn: StandIn): Promise<boolean> {
  let failure: unknown
  let stored: string | undefined
  try {
    stored = header(await sendManifest(context, record.tag, standIn), 'docker-content-digest')
  } catch (error) {
    // It may have been stored all the same, as when the connection broke after it: the tag tells.
    failure = error
  }
  const now = await digestNow(context, record.tag, {})
  if (now === standIn.digest) return true
  if (now === record.digest) {
    if (failure === undefined || isRegistryError(failure, 'invalid', 'digest-mismatch', 'unsupported')) return false
    throw failure
  }
  // A registry that rewrites documents: what it made of the stand-in has the tag, and the original gets it back.
  if (now !== undefined && now === stored) {
    await sendManifest(context, record.tag, record)
    return false
  }
  await deleteStandIn(context, standIn)
  throw moved(context, record.tag, record.digest, now)
}

/**
 * Whether deletions by digest work, where asking for what does not exist said nothing: a manifest without a tag, which
 * nobody can pull by accident, is put and deleted.
 */
export async function proveDeletes(context: RepositoryContext, standIn: StandIn): Promise<boolean> {
  await sendManifest(context, standIn.digest, standIn)
  return (
    (await deleteStandIn(context, standIn)) === undefined &&
    (await digestNow(context, standIn.digest, {})) === undefined
  )
}

/** The reason when it could not be deleted; undefined when it is gone. */
async function deleteStandIn(context: RepositoryContext, standIn: StandIn): Promise<Error | undefined> {
  try {
    await requestDelete(context, standIn.digest, {})
    return undefined
  } catch (error) {
    if (isRegistryError(error, 'not-found')) return undefined
    return error instanceof Error ? error : new Error(String(error))
  }
}

/** Puts the tag back as it was, unless somebody else has taken it. */
async function restore(
  context: RepositoryContext,
  record: DeletionRecord,
  standIn: StandIn,
  failure: Error,
  entry: DeletionEntry | undefined,
): Promise<TagDeletion> {
  const now = await digestNow(context, record.tag, {})
  // The answer to the DELETE got lost, not its effect.
  if (now === undefined) {
    await entry?.step('deleted', standIn.digest)
    await keepOriginal(context, record)
    return { outcome: 'replaced-then-deleted', standIn: standIn.digest }
  }
  if (now !== standIn.digest) throw moved(context, record.tag, record.digest, now)
  await sendManifest(context, record.tag, record)
  const restored = await digestNow(context, record.tag, {})
  if (restored !== record.digest) throw moved(context, record.tag, record.digest, restored)
  await entry?.step('restored')
  return { outcome: 'restored', reason: failure.message }
}

/** The original is still there; where a registry took it along with its last tag, its bytes are put back at once. */
async function keepOriginal(context: RepositoryContext, record: DeletionRecord): Promise<void> {
  if ((await digestNow(context, record.digest, {})) === undefined) await sendManifest(context, record.digest, record)
}

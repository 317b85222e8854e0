import type { Digest } from '../../oci/digest.ts'
import type { Tag } from '../../oci/reference.ts'
import type { ImageDeletionRecord } from '../../registry/deletion-record.ts'
import { isRegistryError, type RegistryError } from '../../registry/errors.ts'
import { isPlaceholderFor } from '../../registry/placeholder.ts'
import type { CallOptions, DeletionRecord, Repository } from '../../registry/registry.ts'
import { digestAt } from '../graph/digest-at.ts'
import { readIfPresent } from '../graph/scan-tags.ts'

/** The state of a deletion interrupted by a crash. */
export interface Recovery {
  /**
   * - `untouched` the tag points at the original, or the image is there: the deletion had not begun, or was undone
   * - `finished` the tag or the image is deleted
   * - `restored` the placeholder could not be deleted, so the tag was put back
   * - `moved` someone has pushed something else: left as it is
   */
  readonly outcome: 'untouched' | 'finished' | 'restored' | 'moved'
  /** For people: what was found and done. */
  readonly note: string
  /** The tag's current target. */
  readonly found?: Digest
  /** The original manifest was missing as well and was restored under its digest. */
  readonly putBack: boolean
  /**
   * Set when the original is missing and the registry refused to restore it, because content that it needs is missing
   * too.
   */
  readonly lost?: RegistryError
}

/**
 * Compares a journalled deletion with the registry and ends it: a tag on a placeholder is deleted, or restored where that
 * fails; a placeholder without a tag is removed; a missing original is restored by digest. The registry's state alone
 * decides, as the last step noted may be one behind it. Can be run again at any time.
 * @param options.placeholders further placeholders for the original, beside `record.placeholder`
 * @param options.tookAlong siblings that the registry deleted with the tag: those that are still missing are put back
 */
export async function recoverDeletion(
  repository: Repository,
  record: DeletionRecord | ImageDeletionRecord,
  { placeholders = [], tookAlong = [], signal }: RecoverOptions = {},
): Promise<Recovery> {
  const options = { signal }
  if ('tags' in record) return imageRecovery(record, await digestAt(repository, record.digest, options))
  const recovery = await recoverTag(repository, record, placeholders, options)
  const back = await putBackSiblings(repository, record, tookAlong, options)
  if (back.length === 0) return recovery
  return { ...recovery, note: `${recovery.note}; ${back.join(', ')} ${back.length === 1 ? 'was' : 'were'} put back` }
}

interface RecoverOptions extends CallOptions {
  readonly placeholders?: readonly Digest[]
  readonly tookAlong?: readonly Tag[]
}

async function recoverTag(
  repository: Repository,
  record: DeletionRecord,
  placeholders: readonly Digest[],
  options: CallOptions,
): Promise<Recovery> {
  const { tag, digest } = record
  const original = await ensureOriginal(repository, record, options)
  const found = await digestAt(repository, tag, options)
  const known = new Set([...(record.placeholder ? [record.placeholder] : []), ...placeholders])
  if (found && found !== digest && (known.has(found) || (await isPlaceholder(repository, found, record, options)))) {
    known.delete(found)
    const end = await endReplacement(repository, record, found, options)
    await removeStrays(repository, known, options)
    return { ...end, ...original }
  }
  await removeStrays(repository, known, options)
  if (!found) return { outcome: 'finished', note: `${tag} is deleted`, ...original }
  if (found === digest) return { outcome: 'untouched', note: `${tag} still points at the original`, found, ...original }
  return { outcome: 'moved', note: `${tag} now points at another manifest`, found, ...original }
}

/** @returns those that were put back: not what somebody has pushed since, nor what lacks content by now */
async function putBackSiblings(
  repository: Repository,
  { digest, mediaType, bytes }: DeletionRecord,
  siblings: readonly Tag[],
  options: CallOptions,
): Promise<Tag[]> {
  const back: Tag[] = []
  for (const sibling of siblings) {
    if (await digestAt(repository, sibling, options)) continue
    try {
      await repository.putManifest(sibling, { mediaType, bytes, digest }, { ...options, expect: null })
      back.push(sibling)
    } catch (error) {
      if (!isRegistryError(error, 'conflict', 'invalid', 'missing-content')) throw error
    }
  }
  return back
}

/** One request deletes an image, so nothing is left halfway: its absence is the requested result. */
function imageRecovery({ digest }: ImageDeletionRecord, found: Digest | undefined): Recovery {
  if (!found) return { outcome: 'finished', note: `${digest} is deleted`, putBack: false }
  return { outcome: 'untouched', note: `${digest} still exists`, found, putBack: false }
}

/**
 * The tag is on our placeholder: delete that, and put the original back where it cannot be deleted. The request of the
 * process that ended may arrive as late as now, so that the tag decides what a refusal means.
 */
async function endReplacement(
  repository: Repository,
  { tag, digest, mediaType, bytes }: DeletionRecord,
  placeholder: Digest,
  options: CallOptions,
): Promise<Omit<Recovery, 'putBack' | 'lost'>> {
  const refusal = await refusalOf(repository.deleteManifest(placeholder, { ...options, expectTags: [tag] }))
  const found = await digestAt(repository, tag, options)
  if (!found) return { outcome: 'finished', note: `${tag} was on its placeholder, which was deleted` }
  if (!refusal || found !== placeholder)
    return { outcome: 'moved', note: `${tag} was pushed again while its placeholder was deleted`, found }
  await repository.putManifest(tag, { mediaType, bytes, digest }, { ...options, expect: placeholder })
  return { outcome: 'restored', note: `${tag} was restored: ${refusal.message}`, found: digest }
}

/** @throws errors that aren't about the deletion, such as an outage */
async function refusalOf(deletion: Promise<void>): Promise<RegistryError | undefined> {
  try {
    await deletion
    return undefined
  } catch (error) {
    const isRefusal = isRegistryError(
      error,
      'deletes-disabled',
      'unsupported',
      'denied',
      'unauthorized',
      'conflict',
      'not-found',
    )
    if (!isRefusal) throw error
    return error
  }
}

async function ensureOriginal(
  repository: Repository,
  { digest, mediaType, bytes }: DeletionRecord,
  options: CallOptions,
): Promise<Pick<Recovery, 'putBack' | 'lost'>> {
  if (await digestAt(repository, digest, options)) return { putBack: false }
  try {
    await repository.putManifest(digest, { mediaType, bytes }, options)
    return { putBack: true }
  } catch (error) {
    if (!isRegistryError(error, 'invalid', 'missing-content')) throw error
    return { putBack: false, lost: error }
  }
}

/** Recognised by its content, even if no step recorded its digest. */
async function isPlaceholder(
  repository: Repository,
  found: Digest,
  record: DeletionRecord,
  options: CallOptions,
): Promise<boolean> {
  const manifest = await readIfPresent(repository, found, options)
  return manifest !== undefined && isPlaceholderFor(manifest, record)
}

/** Placeholders without a tag. Leaving one behind is harmless, so a refusal isn't a failure. */
async function removeStrays(
  repository: Repository,
  placeholders: Iterable<Digest>,
  options: CallOptions,
): Promise<void> {
  for (const placeholder of placeholders) {
    if (!(await digestAt(repository, placeholder, options))) continue
    await refusalOf(repository.deleteManifest(placeholder, { ...options, expectTags: [] }))
  }
}

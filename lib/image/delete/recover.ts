import type { Digest } from '../../oci/digest.ts'
import type { ImageDeletionRecord } from '../../registry/deletion-record.ts'
import { isRegistryError, type RegistryError } from '../../registry/errors.ts'
import type { CallOptions, DeletionRecord, Repository } from '../../registry/registry.ts'
import { standsInFor } from '../../registry/stand-in.ts'
import { digestAt } from '../graph/digest-at.ts'
import { readIfPresent } from '../graph/scan-tags.ts'

/** How a deletion stands that a crash broke off. */
export interface Recovery {
  /**
   * - `untouched` the tag points at the original, or the image is there: the deletion had not begun, or was undone
   * - `finished` the tag or the image is gone
   * - `restored` the stand-in could not be deleted, so the tag was put back
   * - `moved` someone has pushed something else: left as it is
   */
  readonly outcome: 'untouched' | 'finished' | 'restored' | 'moved'
  /** For people: what was found and done. */
  readonly note: string
  /** What the tag points at now. */
  readonly found?: Digest
  /** The original manifest had gone as well and was put back under its digest. */
  readonly putBack: boolean
  /** Set when the original has gone and the registry would not take it back, as content that it needs is gone too. */
  readonly lost?: RegistryError
}

/**
 * Compares a journalled deletion with the registry and ends it: a tag on a stand-in is deleted, or restored where that
 * fails; a stand-in without a tag is removed; an original that is gone is put back by digest. The registry's state
 * alone decides, as the last step noted may be one behind it. Can be run again at any time.
 * @param options.standIns further manifests that may stand in for the original, beside `record.standIn`
 */
export async function recoverDeletion(
  repository: Repository,
  record: DeletionRecord | ImageDeletionRecord,
  { standIns = [], signal }: CallOptions & { readonly standIns?: readonly Digest[] } = {},
): Promise<Recovery> {
  const options = { signal }
  if ('tags' in record) return imageRecovery(record, await digestAt(repository, record.digest, options))
  const { tag, digest } = record
  const original = await ensureOriginal(repository, record, options)
  const found = await digestAt(repository, tag, options)
  const known = new Set([...(record.standIn ? [record.standIn] : []), ...standIns])
  if (found && found !== digest && (known.has(found) || (await isStandIn(repository, found, record, options)))) {
    known.delete(found)
    const end = await endReplacement(repository, record, found, options)
    await removeStrays(repository, known, options)
    return { ...end, ...original }
  }
  await removeStrays(repository, known, options)
  if (!found) return { outcome: 'finished', note: `${tag} is deleted`, ...original }
  if (found === digest) return { outcome: 'untouched', note: `${tag} points at the original still`, found, ...original }
  return { outcome: 'moved', note: `${tag} points at another manifest, which was pushed since`, found, ...original }
}

/** One request deletes an image, so that nothing is left half-way: its absence is what was asked for. */
function imageRecovery({ digest }: ImageDeletionRecord, found: Digest | undefined): Recovery {
  if (!found) return { outcome: 'finished', note: `${digest} is deleted`, putBack: false }
  return { outcome: 'untouched', note: `${digest} is still there`, found, putBack: false }
}

/** The tag is on our stand-in: delete that, and put the original back where it cannot be deleted. */
async function endReplacement(
  repository: Repository,
  { tag, digest, mediaType, bytes }: DeletionRecord,
  standIn: Digest,
  options: CallOptions,
): Promise<Omit<Recovery, 'putBack' | 'lost'>> {
  try {
    await repository.deleteManifest(standIn, { ...options, expectTags: [tag] })
    const found = await digestAt(repository, tag, options)
    if (!found) return { outcome: 'finished', note: `${tag} was on its stand-in, which was deleted` }
    return { outcome: 'moved', note: `${tag} was pushed again while its placeholder was deleted`, found }
  } catch (error) {
    if (!isRegistryError(error, 'deletes-disabled', 'unsupported', 'denied', 'unauthorized', 'conflict')) throw error
    await repository.putManifest(tag, { mediaType, bytes, digest }, { ...options, expect: standIn })
    return { outcome: 'restored', note: `${tag} was put back: ${error.message}`, found: digest }
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

/** Known by what it is, also where no step named its digest. */
async function isStandIn(
  repository: Repository,
  found: Digest,
  record: DeletionRecord,
  options: CallOptions,
): Promise<boolean> {
  const manifest = await readIfPresent(repository, found, options)
  return manifest !== undefined && standsInFor(manifest, record)
}

/** Stand-ins without a tag. Whether one could be removed changes nothing for anybody, so a refusal is no failure. */
async function removeStrays(repository: Repository, standIns: Iterable<Digest>, options: CallOptions): Promise<void> {
  for (const standIn of standIns) {
    if (!(await digestAt(repository, standIn, options))) continue
    try {
      await repository.deleteManifest(standIn, { ...options, expectTags: [] })
    } catch (error) {
      if (!isRegistryError(error, 'deletes-disabled', 'unsupported', 'denied', 'conflict', 'not-found')) throw error
    }
  }
}

import { join } from 'node:path'
import { config } from '../../config/config.ts'
import { processWide } from '../../config/process-wide.ts'
import { recoverDeletion } from '../../image/delete/recover.ts'
import type { Digest } from '../../oci/digest.ts'
import type { Manifest } from '../../oci/manifest.ts'
import type { RepositoryName, Tag } from '../../oci/reference.ts'
import { isOutage, RegistryError } from '../../registry/errors.ts'
import type { DeletionJournal } from '../../registry/registry.ts'
import { type FileJournal, openFileJournal } from '../../store/file-journal.ts'
import { openForServer } from '../registries/open.ts'

/** Keeps every deletion on disk before anything is changed, under `DATA_DIR/deletions`. */
export function deletionJournal(): FileJournal {
  return processWide('deletion-journal', () => openFileJournal(join(config().dataDir, 'deletions')))
}

/** The journal, and the entry that was begun last: the one that tells of the deletion's outcome and undoes it. */
export function followedJournal(): {
  readonly journal: DeletionJournal
  readonly lastEntry: () => { readonly id: string; readonly undoable: boolean } | undefined
} {
  let last: { readonly id: string; readonly undoable: boolean } | undefined
  const journal: DeletionJournal = {
    async begin(record) {
      const entry = await deletionJournal().begin(record)
      // Of a tag whose manifest was lost there is nothing to put back.
      last = { id: entry.id, undoable: record.bytes.byteLength > 0 }
      return entry
    },
  }
  return { journal, lastEntry: () => last }
}

/**
 * Keeps a manifest with its tags, also when it has none, around its deletion. Where the registry was lost meanwhile the
 * entry stays open, to be settled when it answers again.
 */
export async function journalled<T>(
  registry: string,
  repository: RepositoryName,
  work: (save: (manifest: Manifest, tags: readonly Tag[]) => Promise<void>) => Promise<T>,
): Promise<{ readonly result: T; readonly entry: string | undefined }> {
  let entry: (Awaited<ReturnType<FileJournal['begin']>> & { readonly digest: Digest }) | undefined
  const save = async ({ digest, mediaType, bytes }: Manifest, tags: readonly Tag[]) => {
    entry = { ...(await deletionJournal().begin({ registry, repository, tags, digest, mediaType, bytes })), digest }
  }
  try {
    const result = await work(save)
    await entry?.end('deleted')
    return { result, entry: entry?.id }
  } catch (error) {
    if (entry && isOutage(error)) {
      settleLater(entry.id)
      throw brokenOff(error, entry.digest)
    }
    await entry?.end('failed')
    throw error
  }
}

/** What a person must know where the registry was lost midway. @param what the tag or digest that was to go */
export function brokenOff(error: RegistryError, what: string): RegistryError {
  const message = `${error.message}. The deletion of ${what} was broken off, and until the registry answers again nobody can say whether it is there. Its manifest is kept: Lading then ends the deletion, or leaves everything as it was`
  return new RegistryError(error.kind, message, error, { cause: error })
}

/** Seconds between attempts to settle one deletion; the last one from then on. */
const SETTLE_AFTER = [5, 15, 60, 300, 900]

/** Ends what a crash broke off: run once when the server starts. */
export async function recoverDeletions(): Promise<void> {
  for (const { id, outcome } of await deletionJournal().entries()) if (!outcome) await settle(id)
}

/** Whether the registry was lost midway: how the deletion stands is not known, and its entry is open. */
export async function isBrokenOff(id: string): Promise<boolean> {
  const entry = await deletionJournal().entry(id)
  return entry !== undefined && entry.outcome === undefined
}

/** Has a deletion that was broken off settled once the registry answers again. */
export function settleLater(id: string, attempt = 0): void {
  const seconds = SETTLE_AFTER[attempt] ?? SETTLE_AFTER.at(-1) ?? 0
  setTimeout(() => void settle(id, attempt + 1).catch(console.error), seconds * 1000).unref()
}

/** Compares a deletion that was broken off with the registry and ends it, now or when the registry answers. */
async function settle(id: string, attempt = 0): Promise<void> {
  const entry = await deletionJournal().entry(id)
  const repository = entry && openForServer(entry.record)
  if (!entry || entry.outcome || !repository) return
  const { record, standIns } = entry
  try {
    const recovery = await recoverDeletion(repository, record, { standIns })
    await deletionJournal().close(id, recovery.outcome)
    console.warn(`A deletion that was broken off is settled: ${record.repository}, ${recovery.note}`)
  } catch (error) {
    console.error(`A deletion that was broken off could not be settled yet: ${record.repository}`, error)
    settleLater(id, attempt)
  }
}

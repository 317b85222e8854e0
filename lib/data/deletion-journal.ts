import { join } from 'node:path'
import { config } from '../config/config.ts'
import { type FileJournal, openFileJournal } from '../image/file-journal.ts'
import { recoverDeletion } from '../image/recover.ts'
import type { Manifest } from '../oci/manifest.ts'
import type { RepositoryName, Tag } from '../oci/reference.ts'
import type { DeletionJournal } from '../registry/registry.ts'
import { processWide } from './process-wide.ts'
import { registryByName } from './registries.ts'

/** Keeps every deletion on disk before anything is changed, under `DATA_DIR/deletions`. */
export function deletionJournal(): FileJournal {
  return processWide('deletion-journal', () => openFileJournal(join(config().dataDir, 'deletions')))
}

/** The journal, and the entry that was begun last: the one by which a deletion that succeeded can be undone. */
export function followedJournal(): { readonly journal: DeletionJournal; readonly lastEntry: () => string | undefined } {
  let last: string | undefined
  const journal: DeletionJournal = {
    async begin(record) {
      const entry = await deletionJournal().begin(record)
      // Of a tag whose manifest was lost there is nothing to put back.
      last = record.bytes.byteLength > 0 ? entry.id : undefined
      return entry
    },
  }
  return { journal, lastEntry: () => last }
}

/** Keeps a manifest with its tags, also when it has none, around its deletion. */
export async function journalled<T>(
  registry: string,
  repository: RepositoryName,
  work: (save: (manifest: Manifest, tags: readonly Tag[]) => Promise<void>) => Promise<T>,
): Promise<{ readonly result: T; readonly entry: string | undefined }> {
  let entry: Awaited<ReturnType<FileJournal['begin']>> | undefined
  const save = async ({ digest, mediaType, bytes }: Manifest, tags: readonly Tag[]) => {
    entry = await deletionJournal().begin({ registry, repository, tags, digest, mediaType, bytes })
  }
  try {
    const result = await work(save)
    await entry?.end('deleted')
    return { result, entry: entry?.id }
  } catch (error) {
    await entry?.end('failed')
    throw error
  }
}

/** Ends what a crash broke off: run once when the server starts. What cannot be ended now is tried again at the next start. */
export async function recoverDeletions(): Promise<void> {
  for (const { id, record, standIns, outcome } of await deletionJournal().entries()) {
    if (outcome) continue
    const registry = registryByName(record.registry)
    if (!registry) continue
    try {
      const recovery = await recoverDeletion(registry.repository(record.repository), record, { standIns })
      await deletionJournal().close(id, recovery.outcome)
      console.warn(`A deletion that was broken off is settled: ${record.repository}, ${recovery.note}`)
    } catch (error) {
      console.error(`A deletion that was broken off could not be settled: ${record.repository}`, error)
    }
  }
}

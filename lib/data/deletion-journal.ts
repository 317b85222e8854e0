import { join } from 'node:path'
import { config } from '../config/config.ts'
import { type FileJournal, openFileJournal } from '../image/file-journal.ts'
import { recoverDeletion } from '../image/recover.ts'
import type { Manifest } from '../oci/manifest.ts'
import type { RepositoryName, Tag } from '../oci/reference.ts'
import { processWide } from './process-wide.ts'
import { registryByName } from './registries.ts'

/** Keeps every deletion on disk before anything is changed, under `DATA_DIR/deletions`. */
export function deletionJournal(): FileJournal {
  return processWide('deletion-journal', () => openFileJournal(join(config().dataDir, 'deletions')))
}

/** Keeps a manifest under each of its tags, around the deletion of all of them. */
export async function journalled<T>(
  registry: string,
  repository: RepositoryName,
  work: (save: (manifest: Manifest, tags: readonly Tag[]) => Promise<void>) => Promise<T>,
): Promise<T> {
  const entries: Awaited<ReturnType<FileJournal['begin']>>[] = []
  const save = async ({ digest, mediaType, bytes }: Manifest, tags: readonly Tag[]) => {
    for (const tag of tags)
      entries.push(
        await deletionJournal().begin({ scope: 'image', registry, repository, tag, digest, mediaType, bytes }),
      )
  }
  try {
    const result = await work(save)
    await Promise.all(entries.map((entry) => entry.end('deleted')))
    return result
  } catch (error) {
    await Promise.all(entries.map((entry) => entry.end('failed')))
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
      console.warn(`A deletion that was broken off is settled: ${record.repository}:${record.tag}, ${recovery.note}`)
    } catch (error) {
      console.error(`A deletion that was broken off could not be settled: ${record.repository}:${record.tag}`, error)
    }
  }
}

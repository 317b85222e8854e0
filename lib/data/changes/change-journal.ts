import { join } from 'node:path'
import { config } from '../../config/config.ts'
import { processWide } from '../../config/process-wide.ts'
import { type FileJournal, openFileJournal } from '../../store/file-journal.ts'

/** Keeps what changes take away, on disk before they do, under `DATA_DIR/deletions`. */
export function changeJournal(): FileJournal {
  return processWide('change-journal', () => openFileJournal(join(config().dataDir, 'deletions')))
}

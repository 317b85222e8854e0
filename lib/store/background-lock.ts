import { config } from '../config/config.ts'
import { processWide } from '../config/process-wide.ts'
import { type FolderLock, openFolderLock } from './folder-lock.ts'

/** Whether this process does the background work of its data folder. One per process. */
export function backgroundLock(): FolderLock {
  return processWide('background-lock', () => openFolderLock(config().dataDir))
}

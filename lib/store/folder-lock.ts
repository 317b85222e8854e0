import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'

/** Decides which of several processes on one data folder does the background work: jobs, and settling interrupted changes. */
export interface FolderLock {
  /** Whether this process has it. Once it does, it keeps it. */
  readonly held: boolean
  /** Runs the work once this process has the lock: now, or when the process that has it ends. */
  whenHeld(work: () => void): void
  /** Stops trying, and gives it up. */
  release(): void
}

export interface FolderLockOptions {
  /** How often to try while another process has it, in milliseconds. */
  readonly tryEvery?: number
}

/**
 * Takes the lock of a folder, or keeps trying. The operating system holds it, through SQLite: it ends with its process,
 * also with one that is killed, and a process that is stopped for a while still has it when it goes on. A lease by time
 * would promise neither.
 */
export function openFolderLock(folder: string, { tryEvery = 5000 }: FolderLockOptions = {}): FolderLock {
  mkdirSync(/*turbopackIgnore: true*/ folder, { recursive: true, mode: 0o700 })
  const path = join(/*turbopackIgnore: true*/ folder, 'lock')
  const waiting: (() => void)[] = []
  let database = tryLock(path)
  const timer = setInterval(() => {
    database ??= tryLock(path)
    if (!database) return
    clearInterval(timer)
    for (const work of waiting.splice(0)) work()
  }, tryEvery)
  timer.unref()
  if (database) clearInterval(timer)
  return {
    get held() {
      return database !== undefined
    },
    whenHeld(work) {
      if (database) work()
      else waiting.push(work)
    },
    release() {
      clearInterval(timer)
      database?.close()
      database = undefined
    },
  }
}

/** SQLITE_BUSY: another process has it. */
const BUSY = 5

function tryLock(path: string): DatabaseSync | undefined {
  const database = new DatabaseSync(path, { timeout: 0 })
  try {
    database.exec('PRAGMA journal_mode = DELETE; BEGIN EXCLUSIVE')
    return database
  } catch (error) {
    database.close()
    if (error instanceof Error && 'errcode' in error && error.errcode === BUSY) return undefined
    throw error
  }
}

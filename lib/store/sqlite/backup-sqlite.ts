import { access, chmod, copyFile, mkdir, open, readdir, rename, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { backup, DatabaseSync } from 'node:sqlite'
import { hasEnded } from '../leases/lease-holder.ts'
import { StoreError } from '../store-error.ts'

const DATABASE = 'lading.db'
/** Pages that are copied before others have a turn. */
const PAGES = 500

export interface SavedData {
  /** The version of its tables. */
  readonly version: number
  readonly bytes: number
}

/**
 * Copies the database and other files of a data folder into a new folder, while servers go on. The folder appears once
 * all of it is on the disk, and the copy of the database was checked.
 * @param files beside the database; those that aren't there are left out
 * @throws StoreError, Error
 */
export async function backUpSqlite(dataDir: string, files: readonly string[], target: string): Promise<SavedData> {
  if (await exists(target)) throw new Error(`${target} already exists: name a new folder`)
  const draft = `${target}.part`
  await rm(draft, { recursive: true, force: true })
  await mkdir(draft, { recursive: true, mode: 0o700 })
  try {
    const source = openDatabase(join(dataDir, DATABASE), { readOnly: true })
    try {
      await backup(source, join(draft, DATABASE), { rate: PAGES })
    } finally {
      source.close()
    }
    await chmod(join(draft, DATABASE), 0o600)
    makeOneFile(join(draft, DATABASE))
    const saved = await checkDatabase(join(draft, DATABASE))
    for (const file of files)
      if (await exists(join(dataDir, file))) await copyFile(join(dataDir, file), join(draft, basename(file)))
    await flush(draft)
    await rename(draft, target)
    await flush(dirname(target))
    return saved
  } catch (error) {
    await rm(draft, { recursive: true, force: true })
    throw error
  }
}

/**
 * Puts back what `backUpSqlite` has saved. What was there stays beside it, under names that end in `.before-restore`. What was under way
 * when the backup was made doesn't go on: plans are paused, and jobs cancelled.
 * @param newest version of the tables that this Lading knows
 * @throws StoreError `newer`, `locked` while a server runs, `damaged`; and then nothing was changed
 */
export async function restoreSqlite(source: string, dataDir: string, newest: number): Promise<SavedData> {
  const saved = await checkDatabase(join(source, DATABASE))
  if (saved.version > newest)
    throw new StoreError(
      'newer',
      `The backup has version ${saved.version}, and this Lading knows versions up to ${newest}`,
    )
  await mkdir(dataDir, { recursive: true, mode: 0o700 })
  const current = join(dataDir, DATABASE)
  if (await exists(current)) assertUnused(current)
  const draft = join(dataDir, `${DATABASE}.part`)
  await rm(draft, { force: true })
  await copyFile(join(source, DATABASE), draft)
  await chmod(draft, 0o600)
  stopWhatWasUnderWay(draft)
  await flushFile(draft)
  const files = (await readdir(source)).filter((name) => name !== DATABASE)
  for (const file of files) {
    await copyFile(join(source, file), join(dataDir, `${file}.part`))
    await flushFile(join(dataDir, `${file}.part`))
  }
  for (const name of [...files, DATABASE]) {
    const place = join(dataDir, name)
    if (await exists(place)) await rename(place, `${place}.before-restore`)
    await rename(`${place}.part`, place)
  }
  // Of the database that was there before: with the new one they would be nonsense.
  for (const end of ['-wal', '-shm']) await rm(`${current}${end}`, { force: true })
  await flush(dataDir)
  return saved
}

/** Without a write-ahead log, which even readers would create beside it. Opening it for use brings that back. */
function makeOneFile(file: string): void {
  const database = openDatabase(file, { readOnly: false })
  try {
    database.exec('pragma journal_mode = delete')
  } finally {
    database.close()
  }
}

/** @throws StoreError `damaged` */
async function checkDatabase(file: string): Promise<SavedData> {
  if (!(await exists(file))) throw new StoreError('unreachable', `${file} isn’t there`)
  const database = openDatabase(file, { readOnly: true })
  try {
    const { integrity_check: found } = database.prepare('pragma integrity_check(1)').get() as {
      integrity_check: string
    }
    if (found !== 'ok') throw new StoreError('damaged', `${file} is damaged: ${found}`)
    const { user_version: version } = database.prepare('pragma user_version').get() as { user_version: number }
    const { bytes } = database
      .prepare('select page_count * page_size as bytes from pragma_page_count, pragma_page_size')
      .get() as { bytes: number }
    return { version, bytes }
  } catch (error) {
    if (error instanceof StoreError) throw error
    throw new StoreError('damaged', `${file} can’t be read as a database`, { cause: error })
  } finally {
    database.close()
  }
}

/** A server renews its leases for as long as it runs. @throws StoreError `locked` */
function assertUnused(file: string): void {
  const database = openDatabase(file, { readOnly: false })
  try {
    const hasLeases = database.prepare("select 1 from sqlite_schema where name = 'lease'").get() !== undefined
    const held = hasLeases
      ? database
          .prepare("select holder from lease where expires_at > unixepoch('subsec') * 1000 and holder <> 'nobody'")
          .all()
          .map(({ holder }) => String(holder))
      : []
    const running = held.find((holder) => !hasEnded(holder))
    if (running !== undefined)
      throw new StoreError(
        'locked',
        `Lading runs on this database (${running.split(' ')[0]}). Stop it. If it was killed, wait 15 seconds`,
      )
    // What is in the write-ahead log belongs to what is kept.
    database.exec('pragma wal_checkpoint(truncate)')
  } finally {
    database.close()
  }
}

function stopWhatWasUnderWay(file: string): void {
  const database = openDatabase(file, { readOnly: false })
  try {
    const tables = database.prepare("select name from sqlite_schema where type = 'table'").all()
    const has = (table: string) => tables.some(({ name }) => name === table)
    if (has('job'))
      database.exec(`
        update job set state = 'cancelled', same = null, ended_at = unixepoch() * 1000 where ended_at is null`)
    if (has('plan'))
      database.exec(`
        update plan set state = case state when 'running' then 'paused' when 'undoing' then 'finished' else 'draft' end
        where state in ('running', 'undoing', 'checking')`)
    if (has('lease')) database.exec('delete from lease')
  } finally {
    database.close()
  }
}

function openDatabase(file: string, { readOnly }: { readonly readOnly: boolean }): DatabaseSync {
  try {
    return new DatabaseSync(file, { readOnly, timeout: 5_000 })
  } catch (cause) {
    throw new StoreError('unreachable', `${file} can’t be opened`, { cause })
  }
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  )
}

async function flush(folder: string): Promise<void> {
  for (const entry of await readdir(folder, { withFileTypes: true }))
    if (entry.isFile()) await flushFile(join(folder, entry.name))
  await flushFile(folder)
}

async function flushFile(path: string): Promise<void> {
  const handle = await open(path, 'r')
  try {
    // Some file systems can't do that for folders.
    await handle.sync().catch(() => {})
  } finally {
    await handle.close()
  }
}

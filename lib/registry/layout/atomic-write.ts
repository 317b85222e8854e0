import { randomUUID } from 'node:crypto'
import { type FileHandle, mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'

/** Lading's own corner of a layout: temporary files and the lock. Other tools ignore it. */
export const OWN_FOLDER = '.lading'

/**
 * Lets `write` fill a temporary file inside the layout, flushes it to disk, and moves it to the path that `write`
 * returns. A crash at any moment leaves either the old file or the new one.
 */
export async function writeAtomically(
  layout: string,
  write: (file: FileHandle) => Promise<string>,
  beforeRename: () => Promise<void> = async () => {},
): Promise<void> {
  const folder = join(layout, OWN_FOLDER, 'tmp')
  await mkdir(folder, { recursive: true })
  const temporary = join(folder, randomUUID())
  try {
    const file = await open(temporary, 'wx', 0o644)
    let target: string
    try {
      target = await write(file)
      await file.sync()
    } finally {
      await file.close()
    }
    await beforeRename()
    await rename(temporary, target)
  } catch (error) {
    await rm(temporary, { force: true })
    throw error
  }
}

/** Makes the renames inside `folder` survive a power cut. Some file systems cannot: they are left as they are. */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r').catch(() => undefined)
  await handle?.sync().catch(() => {})
  await handle?.close()
}

/** Removes what a crash left behind more than `age` milliseconds ago. */
export async function sweepTemporary(layout: string, age = 24 * 3600 * 1000): Promise<void> {
  const folder = join(layout, OWN_FOLDER, 'tmp')
  const oldest = Date.now() - age
  for (const name of await readdir(folder).catch(() => [])) {
    const found = await stat(join(folder, name)).catch(() => undefined)
    if (found && found.mtimeMs < oldest) await rm(join(folder, name), { force: true, recursive: true })
  }
}

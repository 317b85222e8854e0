import { randomUUID } from 'node:crypto'
import { mkdir, open, readdir, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'

/** Replaces a file whole: another reader sees the old or the new one. With `durable` it survives a power cut from then on. */
export async function replaceFile(
  file: string,
  text: string,
  { durable }: { readonly durable: boolean },
): Promise<void> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 })
  const draft = `${file}.${randomUUID()}.part`
  try {
    await write(draft, text, 'wx', durable)
    await rename(draft, file)
  } catch (error) {
    await rm(draft, { force: true })
    throw error
  }
  if (durable) await flushFolder(dirname(file))
}

/** Creates a file that must not be there yet, in a folder that is; it survives a power cut from then on. */
export async function createFile(file: string, text: string): Promise<void> {
  await write(file, text, 'wx', true)
  await flushFolder(dirname(file))
}

/** Adds to the end of a file; what was added survives a power cut from then on. */
export function appendToFile(file: string, text: string): Promise<void> {
  return write(file, text, 'a', true)
}

/** The names in a folder; none when it isn't there. */
export async function listFolder(folder: string): Promise<string[]> {
  try {
    return await readdir(folder)
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return []
    throw error
  }
}

async function write(file: string, text: string, flags: 'wx' | 'a', durable: boolean): Promise<void> {
  const handle = await open(file, flags, 0o600)
  try {
    await handle.writeFile(text)
    if (durable) await handle.sync()
  } finally {
    await handle.close()
  }
}

/** A new name survives a power cut only once its folder is flushed too. Some file systems can't do that: they keep names anyway, or not. */
async function flushFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r')
  try {
    await handle.sync().catch(() => {})
  } finally {
    await handle.close()
  }
}

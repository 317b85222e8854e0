import { randomUUID } from 'node:crypto'
import { link, open, unlink } from 'node:fs/promises'

/**
 * Makes a file that only its owner reads, whole and on disk, or leaves the one that is there. Of two processes that
 * try at once, one makes it and both read the same.
 * @returns whether it was made
 */
export async function writeOnce(path: string, content: string): Promise<boolean> {
  const draft = `${path}.${randomUUID()}`
  const file = await open(/*turbopackIgnore: true*/ draft, 'wx', 0o600)
  try {
    await file.writeFile(content)
    await file.sync()
    await link(draft, path)
    return true
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false
    throw error
  } finally {
    await file.close()
    await unlink(draft)
  }
}

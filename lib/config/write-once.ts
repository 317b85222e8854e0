import { randomUUID } from 'node:crypto'
import { link, open, unlink } from 'node:fs/promises'

/**
 * Creates a file that only its owner can read, complete and flushed to disk, or leaves an existing one. Of two processes
 * that try at once, one creates it and both read the same.
 * @returns whether it was created
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

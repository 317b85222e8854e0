import { mkdir, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { OWN_FOLDER } from './atomic-write.ts'
import { errnoOf, fileError } from './file-error.ts'

/**
 * Makes an empty OCI image layout in the folder `path`, which is made where it is missing. A layout that is there
 * already stays as it is. Resolves to whether it was made now. Throws `denied` or `unavailable`.
 */
export async function createLayout(path: string): Promise<boolean> {
  const layout = resolve(path)
  try {
    await mkdir(join(layout, 'blobs', 'sha256'), { recursive: true })
    const made = await writeNew(join(layout, 'index.json'), { schemaVersion: 2, manifests: [] })
    await writeNew(join(layout, 'oci-layout'), { imageLayoutVersion: '1.0.0' })
    await mkdir(join(layout, OWN_FOLDER), { recursive: true })
    return made
  } catch (error) {
    throw fileError(error, 'making an OCI layout', layout)
  }
}

async function writeNew(path: string, content: unknown): Promise<boolean> {
  try {
    await writeFile(path, JSON.stringify(content), { flag: 'wx', flush: true })
    return true
  } catch (error) {
    if (errnoOf(error) === 'EEXIST') return false
    throw error
  }
}

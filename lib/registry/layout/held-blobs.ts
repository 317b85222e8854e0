import { mkdir, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Digest } from '../../oci/digest.ts'
import type { RepositoryName } from '../../oci/reference.ts'
import { OWN_FOLDER } from './atomic-write.ts'
import { errnoOf, fileError } from './file-error.ts'

/**
 * What each repository of a layout holds beside what its manifests need: bytes that were sent or mounted there, and
 * what its deleted manifests needed, so that they can be restored. An empty file each, as distribution keeps a link in
 * `_layers`: the blobs themselves are shared, so being on disk grants no access.
 */
export class HeldBlobs {
  #layout: string

  constructor(layout: string) {
    this.#layout = layout
  }

  async has(repository: RepositoryName, digest: Digest): Promise<boolean> {
    try {
      return (await stat(join(this.#folder(repository), fileName(digest)))).isFile()
    } catch (error) {
      if (errnoOf(error) === 'ENOENT') return false
      throw fileError(error, 'looking for a blob', this.#layout)
    }
  }

  async add(repository: RepositoryName, digests: Iterable<Digest>): Promise<void> {
    const folder = this.#folder(repository)
    try {
      await mkdir(folder, { recursive: true })
      for (const digest of digests) await writeFile(join(folder, fileName(digest)), '')
    } catch (error) {
      throw fileError(error, 'writing a blob', this.#layout)
    }
  }

  async remove(repository: RepositoryName, digest: Digest): Promise<void> {
    await rm(join(this.#folder(repository), fileName(digest)), { force: true })
  }

  /** One flat folder per repository, as a name may begin with another: no repository name holds a plus sign. */
  #folder(repository: RepositoryName): string {
    return join(this.#layout, OWN_FOLDER, 'held', repository.replaceAll('/', '+'))
  }
}

function fileName(digest: Digest): string {
  return digest.replace(':', '-')
}

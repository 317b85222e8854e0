import { access, constants, readFile } from 'node:fs/promises'
import { basename, join, resolve } from 'node:path'
import { isRecord } from '../../oci/descriptor.ts'
import type { RepositoryName } from '../../oci/reference.ts'
import { RegistryError } from '../errors.ts'
import { OWN_FOLDER, sweepTemporary, syncFolder, writeAtomically } from './atomic-write.ts'
import { BlobFiles } from './blob-files.ts'
import { errnoOf, fileError } from './file-error.ts'
import { homeRepository } from './index-entry.ts'
import { formatLayoutIndex, IndexDraft, type LayoutIndex, readLayoutIndex, stampOf } from './layout-index.ts'
import { withLock } from './layout-lock.ts'

interface Change {
  /** Resolves to a function that reports to the caller, called once the change is on disk. */
  readonly apply: (draft: IndexDraft) => Promise<() => void>
  readonly reject: (error: unknown) => void
}

/** The files of one layout: its blobs, and an index that many processes may change at once. */
export class LayoutStore {
  readonly path: string
  readonly home: RepositoryName
  readonly blobs: BlobFiles
  #cached: { stamp: string; index: LayoutIndex } | undefined
  #waiting: Change[] = []
  #writing = false
  #swept = false

  constructor(path: string) {
    this.path = resolve(path)
    this.home = homeRepository(basename(this.path))
    this.blobs = new BlobFiles(this.path)
  }

  /** The index as it is now: read again whenever the file has changed. */
  async index(signal?: AbortSignal): Promise<LayoutIndex> {
    signal?.throwIfAborted()
    const known = this.#cached
    if (known && (await stampOf(this.path)).stamp === known.stamp) return known.index
    return this.#read()
  }

  /**
   * Applies a change to the newest index under the layout's lock and writes it, unless nothing changed. Changes that
   * arrive together are written together; one that throws leaves the others alone. A signal ends the wait for the
   * lock; once a change is being made its outcome is reported.
   */
  update<T>(apply: (draft: IndexDraft) => Promise<T> | T, signal?: AbortSignal): Promise<T> {
    signal?.throwIfAborted()
    return new Promise<T>((resolve, reject) => {
      const leave = () => reject(signal?.reason)
      signal?.addEventListener('abort', leave, { once: true })
      this.#waiting.push({
        apply: async (draft) => {
          signal?.removeEventListener('abort', leave)
          signal?.throwIfAborted()
          const value = await apply(draft)
          return () => resolve(value)
        },
        reject,
      })
      if (!this.#writing) void this.#write()
    })
  }

  /**
   * Throws `unreachable` if there is no layout, `malformed` if it's something else, `unsupported` for a newer version.
   */
  async check(): Promise<{ version: string }> {
    const marker = join(this.path, 'oci-layout')
    let text: string
    try {
      text = await readFile(marker, 'utf8')
    } catch (error) {
      if (errnoOf(error) !== 'ENOENT') throw fileError(error, 'reading oci-layout', this.path)
      const message = `there’s no OCI image layout in ${this.path}`
      throw new RegistryError('unreachable', message, { reason: 'no-layout', host: this.path }, { cause: error })
    }
    const version = versionIn(text)
    if (!version)
      throw new RegistryError(
        'malformed',
        `${marker} has no imageLayoutVersion: repair it, or create the layout again`,
        { host: this.path },
      )
    if (!version.startsWith('1.'))
      throw new RegistryError('unsupported', `${marker} is version ${version}; Lading reads version 1`, {
        host: this.path,
      })
    return { version }
  }

  async isWritable(): Promise<boolean> {
    return access(this.path, constants.W_OK).then(
      () => true,
      () => false,
    )
  }

  async #read(): Promise<LayoutIndex> {
    const { index, stamp, settled } = await readLayoutIndex(this.path, this.home)
    this.#cached = settled ? { stamp, index } : undefined
    return index
  }

  async #write(): Promise<void> {
    this.#writing = true
    try {
      while (this.#waiting.length > 0) {
        const batch = this.#waiting
        this.#waiting = []
        await this.#writeBatch(batch)
      }
    } finally {
      this.#writing = false
    }
  }

  async #writeBatch(batch: readonly Change[]): Promise<void> {
    try {
      await this.check()
      await withLock(join(this.path, OWN_FOLDER, 'lock'), async (lock) => {
        const outcomes: (() => void)[] = []
        let index = (await readLayoutIndex(this.path, this.home)).index
        let changed = false
        for (const { apply, reject } of batch) {
          const draft = new IndexDraft(index, this.home)
          try {
            outcomes.push(await apply(draft))
            if (draft.changed) index = draft.result()
            changed ||= draft.changed
          } catch (error) {
            outcomes.push(() => reject(error))
          }
        }
        if (changed) await this.#replace(index, lock.check)
        for (const tell of outcomes) tell()
      })
    } catch (error) {
      for (const { reject } of batch) reject(fileError(error, 'changing the OCI layout', this.path))
    }
  }

  async #replace(index: LayoutIndex, check: () => Promise<void>): Promise<void> {
    // Everything the index points at must be on disk before the index is.
    await Promise.all(['sha256', 'sha512'].map((algorithm) => syncFolder(join(this.path, 'blobs', algorithm))))
    await writeAtomically(
      this.path,
      async (file) => {
        await file.writeFile(formatLayoutIndex(index))
        return join(this.path, 'index.json')
      },
      check,
    )
    await syncFolder(this.path)
    this.#cached = undefined
    if (this.#swept) return
    this.#swept = true
    await sweepTemporary(this.path)
  }
}

function versionIn(text: string): string | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return isRecord(value) && typeof value.imageLayoutVersion === 'string' ? value.imageLayoutVersion : undefined
  } catch {
    return undefined
  }
}

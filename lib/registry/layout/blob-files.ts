import { constants } from 'node:fs'
import { type FileHandle, mkdir, open, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { addAbortSignal, Readable, Transform } from 'node:stream'
import { algorithmOf, type Digest, hexOf } from '../../oci/digest.ts'
import { Digester, digestOf } from '../../oci/digester.ts'
import { RegistryError } from '../errors.ts'
import type { BlobRead, PutBlobOptions } from '../registry.ts'
import { syncFolder, writeAtomically } from './atomic-write.ts'
import { errnoOf, fileError } from './file-error.ts'

/** Larger reads gain little and leave twice the memory to be collected; smaller ones cost a third of the rate. */
const CHUNK = 128 * 1024

/** The `blobs/<algorithm>/<hex>` files of one layout (image-layout.md, "Blobs"). All repositories share them. */
export class BlobFiles {
  readonly layout: string

  constructor(layout: string) {
    this.layout = layout
  }

  /** Safe to build: a parsed digest holds nothing but an algorithm and hexadecimal digits. */
  path(digest: Digest): string {
    return join(this.layout, 'blobs', algorithmOf(digest), hexOf(digest))
  }

  async size(digest: Digest): Promise<number | undefined> {
    try {
      const found = await stat(this.path(digest))
      return found.isFile() ? found.size : undefined
    } catch (error) {
      if (errnoOf(error) === 'ENOENT') return undefined
      throw fileError(error, 'looking for a blob', this.layout)
    }
  }

  /** Throws `not-found`, `digest-mismatch`, `too-large` over `limit` bytes. */
  async bytes(digest: Digest, limit: number, signal?: AbortSignal): Promise<Uint8Array> {
    signal?.throwIfAborted()
    await using file = await this.#open(digest)
    const { size } = await file.stat()
    if (size > limit)
      throw new RegistryError('too-large', `${digest} has ${size} bytes, more than the limit of ${limit}`, {
        host: this.layout,
      })
    const bytes = new Uint8Array(size)
    let filled = 0
    while (filled < size) {
      const { bytesRead } = await file.read(bytes, filled, size - filled, filled)
      if (bytesRead === 0) break
      filled += bytesRead
    }
    const found = new Digester(algorithmOf(digest)).update(bytes).digest()
    if (found !== digest || filled < size) throw mismatch(digest, found, this.layout)
    return bytes
  }

  async read(
    digest: Digest,
    range: { start: number; end?: number } | undefined,
    signal?: AbortSignal,
  ): Promise<BlobRead> {
    signal?.throwIfAborted()
    const file = await this.#open(digest)
    try {
      const { size } = await file.stat()
      const start = range?.start ?? 0
      const end = Math.min(range?.end ?? size - 1, size - 1)
      if (range && (start > end || start < 0))
        throw new RegistryError(
          'invalid',
          `bytes ${start}–${range.end ?? ''} are outside ${digest}, which has ${size} bytes`,
          { host: this.layout },
        )
      const length = end - start + 1
      if (length === 0) {
        await file.close()
        const found = digestOf(new Uint8Array(), algorithmOf(digest))
        // A file that a power cut left empty.
        if (found !== digest) throw mismatch(digest, found, this.layout)
        return { size: 0, verified: !range, stream: Readable.from([]) }
      }
      const source = file.createReadStream({ start, end, highWaterMark: CHUNK, signal })
      if (range) return { size: length, verified: false, stream: source }
      const verified = verifying(digest, size, this.layout)
      source.on('error', (error) => verified.destroy(error))
      verified.on('close', () => source.destroy())
      return { size, verified: true, stream: source.pipe(verified) }
    } catch (error) {
      await file.close().catch(() => {})
      throw error
    }
  }

  /**
   * Stores content under its digest, checked while it is written. Readers see all of it or nothing.
   */
  async write(content: Uint8Array | Readable, options: PutBlobOptions = {}): Promise<{ digest: Digest; size: number }> {
    const { digest: expected, signal } = options
    const digester = new Digester(expected ? algorithmOf(expected) : 'sha256')
    const chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array> = content instanceof Uint8Array ? [content] : content
    // A source that has stalled is aborted, too.
    if (signal && content instanceof Readable) addAbortSignal(signal, content)
    let written: Digest | undefined
    try {
      signal?.throwIfAborted()
      await writeAtomically(this.layout, async (file) => {
        const space = options.size
        for await (const chunk of chunks) {
          signal?.throwIfAborted()
          digester.update(chunk)
          if (space !== undefined && digester.size > space) throw sizeMismatch(space, digester.size, this.layout)
          await writeAll(file, chunk)
          options.onProgress?.(chunk.byteLength)
        }
        if (space !== undefined && digester.size !== space) throw sizeMismatch(space, digester.size, this.layout)
        const found = digester.digest()
        if (expected && found !== expected) throw mismatch(expected, found, this.layout)
        written = expected ?? found
        const folder = join(this.layout, 'blobs', digester.algorithm)
        await mkdir(folder, { recursive: true })
        return this.path(written)
      })
    } catch (error) {
      signal?.throwIfAborted()
      throw fileError(error, 'writing a blob', this.layout)
    }
    if (!written) throw new RegistryError('unavailable', 'the blob was not written', { host: this.layout })
    return { digest: written, size: digester.size }
  }

  async remove(digest: Digest): Promise<void> {
    try {
      await rm(this.path(digest))
      await this.sync(digest)
    } catch (error) {
      throw fileError(error, 'removing a blob', this.layout)
    }
  }

  /** Makes the file of `digest` survive a power cut. */
  async sync(digest: Digest): Promise<void> {
    await syncFolder(join(this.layout, 'blobs', algorithmOf(digest)))
  }

  /** Never follows a link out of the layout, and never waits on a pipe that stands where a file should. */
  async #open(digest: Digest): Promise<FileHandle> {
    try {
      const file = await open(this.path(digest), constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK)
      if ((await file.stat()).isFile()) return file
      await file.close()
    } catch (error) {
      if (errnoOf(error) !== 'ENOENT') throw fileError(error, `opening ${digest}`, this.layout)
    }
    throw new RegistryError('not-found', `the layout ${this.layout} has no blob ${digest}`, { host: this.layout })
  }
}

async function writeAll(file: FileHandle, chunk: Uint8Array): Promise<void> {
  let at = 0
  while (at < chunk.byteLength) at += (await file.write(chunk, at, chunk.byteLength - at)).bytesWritten
}

function verifying(digest: Digest, size: number, layout: string): Transform {
  const digester = new Digester(algorithmOf(digest))
  return new Transform({
    highWaterMark: CHUNK,
    transform(chunk: Uint8Array, _encoding, done) {
      digester.update(chunk)
      done(null, chunk)
    },
    flush(done) {
      const found = digester.digest()
      if (digester.size !== size) done(sizeMismatch(size, digester.size, layout))
      else done(found === digest ? null : mismatch(digest, found, layout))
    },
  })
}

function mismatch(expected: Digest, found: Digest, layout: string): RegistryError {
  return new RegistryError('digest-mismatch', `the content of ${expected} has the digest ${found}`, {
    host: layout,
    expected,
    found,
  })
}

function sizeMismatch(expected: number, found: number, layout: string): RegistryError {
  return new RegistryError('size-mismatch', `expected ${expected} bytes, found ${found}`, {
    host: layout,
    expected: String(expected),
    found: String(found),
  })
}

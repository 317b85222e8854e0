import { finished, Readable } from 'node:stream'
import { encodeTarHeader, tarPadding } from '../../oci/encode-tar-header.ts'
import { RegistryError } from '../../registry/errors.ts'
import { freeOnceWritten } from '../../registry/freed-pieces.ts'
import type { BlobRead } from '../../registry/registry.ts'

/** A file of an archive: its size is known before its content is read. */
export interface ArchiveMember {
  readonly path: string
  readonly size: number
  readonly content: Uint8Array | (() => Promise<BlobRead>)
  /**
   * The content is a blob as its repository gives it: it may be opened before its turn, and nobody else uses its pieces.
   */
  readonly isBlob?: boolean
}

const END = new Uint8Array(1024)
/** Bytes that may wait for the reader. */
const HELD = 1024 * 1024
/** The next blob is requested when this many bytes of one are left, because it may take a redirect to another host. */
const AHEAD = 4 * 1024 * 1024

/** How many bytes `archiveStream` gives. */
export function archiveSize(members: readonly ArchiveMember[]): number {
  return members.reduce(
    (total, { size, path }) => total + header({ size, path }).length + size + tarPadding(size),
    END.length,
  )
}

/** A tar of the members, with no times or owners, so that the same image makes the same bytes. */
export function archiveStream(members: readonly ArchiveMember[]): Readable {
  return new ArchiveStream(members)
}

/**
 * Hands the pieces of a blob on as they come: a generator between would cost a tenth of the rate, and would notice a
 * departed reader only when the registry sends its next piece.
 */
class ArchiveStream extends Readable {
  readonly #members: readonly ArchiveMember[]
  #done = 0
  #opening = false
  #blob: Readable | undefined
  #ahead: Promise<BlobRead> | undefined

  constructor(members: readonly ArchiveMember[]) {
    super({ highWaterMark: HELD })
    this.#members = members
  }

  override _read(): void {
    if (this.#blob) this.#blob.resume()
    else if (!this.#opening) this.#next()
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.#blob?.destroy()
    this.#ahead?.then(({ stream }) => stream.destroy()).catch(() => undefined)
    done(error)
  }

  #next(): void {
    const member = this.#members[this.#done++]
    if (!member) {
      this.push(END)
      this.push(null)
      return
    }
    this.push(header(member))
    if (member.content instanceof Uint8Array) this.#end(member, member.content)
    else void this.#open(member, member.content)
  }

  async #open(member: ArchiveMember, content: () => Promise<BlobRead>): Promise<void> {
    this.#opening = true
    try {
      const read = await (this.#ahead ?? content())
      this.#ahead = undefined
      if (this.destroyed || read.size !== member.size) read.stream.destroy()
      if (read.size !== member.size) throw wrongSize(member, read.size)
      if (!this.destroyed) this.#follow(member, read.stream)
    } catch (error) {
      this.destroy(error instanceof Error ? error : new Error(String(error)))
    } finally {
      this.#opening = false
    }
  }

  #follow(member: ArchiveMember, blob: Readable): void {
    this.#blob = blob
    if (member.isBlob) freeOnceWritten(blob)
    let left = member.size
    blob.on('data', (chunk) => {
      left -= chunk.length
      if (left <= AHEAD) this.#openAhead()
      if (!this.push(chunk)) blob.pause()
    })
    blob.resume()
    finished(blob, { writable: false }, (error) => {
      this.#blob = undefined
      if (error) this.destroy(error)
      else this.#end(member)
    })
  }

  /** Its failure becomes the archive's when it's that blob's turn. */
  #openAhead(): void {
    const next = this.#members[this.#done]
    if (this.#ahead || !next?.isBlob || typeof next.content !== 'function') return
    this.#ahead = next.content()
    this.#ahead.catch(() => undefined)
  }

  /** The last of a member. Goes on at once where that is nothing, as the stream asks again only after a piece. */
  #end(member: ArchiveMember, content: Uint8Array = END.subarray(0, 0)): void {
    const last = Buffer.concat([content, END.subarray(0, tarPadding(member.size))])
    if (last.length > 0) this.push(last)
    else this.#next()
  }
}

function wrongSize({ path, size }: ArchiveMember, found: number): RegistryError {
  return new RegistryError('size-mismatch', `${path} has ${found} bytes; its manifest says ${size}`, {
    expected: String(size),
    found: String(found),
  })
}

function header({ path, size }: Pick<ArchiveMember, 'path' | 'size'>): Uint8Array {
  return encodeTarHeader({ path, size, type: 'file' })
}

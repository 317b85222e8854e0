import { Readable } from 'node:stream'
import { RegistryError } from '../../registry/errors.ts'
import type { BlobRead } from '../../registry/registry.ts'
import { encodeHeader } from '../tar/encode-header.ts'
import { padding } from '../tar/tar-scanner.ts'

/** A file of an archive: its size is known before its content is read. */
export interface ArchiveMember {
  readonly path: string
  readonly size: number
  readonly content: Uint8Array | (() => Promise<BlobRead>)
}

const END = new Uint8Array(1024)

/** How many bytes `archiveStream` gives. */
export function archiveSize(members: readonly ArchiveMember[]): number {
  return members.reduce(
    (total, { size, path }) => total + header({ size, path }).length + size + padding(size),
    END.length,
  )
}

/** A tar of the members, with no times or owners, so that the same image makes the same bytes. */
export function archiveStream(members: readonly ArchiveMember[]): Readable {
  return Readable.from(chunks(members), { objectMode: false, highWaterMark: 1024 * 1024 })
}

async function* chunks(members: readonly ArchiveMember[]): AsyncGenerator<Uint8Array, void> {
  for (const member of members) {
    yield header(member)
    if (member.content instanceof Uint8Array) yield member.content
    else yield* blob(member, await member.content())
    yield END.subarray(0, padding(member.size))
  }
  yield END
}

async function* blob({ path, size }: ArchiveMember, read: BlobRead): AsyncGenerator<Uint8Array, void> {
  try {
    if (read.size !== size)
      throw new RegistryError('size-mismatch', `${path} has ${read.size} bytes; its manifest says ${size}`, {
        expected: String(size),
        found: String(read.size),
      })
    yield* read.stream
  } finally {
    read.stream.destroy()
  }
}

function header({ path, size }: Pick<ArchiveMember, 'path' | 'size'>): Uint8Array {
  return encodeHeader({ path, size, type: 'file' })
}

import type { Readable } from 'node:stream'
import { freeOnceWritten } from '../../freed-pieces.ts'
import type { PutBlobOptions } from '../../registry.ts'

/** Tracks the pieces of a stream that has not been sent yet, on their way to its sender. */
export function follow(content: Readable, { onProgress, ownsPieces }: PutBlobOptions): void {
  if (ownsPieces) freeOnceWritten(content)
  if (!onProgress) return
  // A listener alone would make it flow.
  content.pause()
  content.on('data', (piece: Uint8Array) => onProgress(piece.byteLength))
}

/** The bytes of a stream in pieces of `length`, of which the last may be shorter. */
export async function* chunksOf(content: Readable, length: number): AsyncGenerator<Uint8Array> {
  let pieces: Uint8Array[] = []
  let size = 0
  for await (const piece of content) {
    let bytes: Uint8Array = typeof piece === 'string' ? Buffer.from(piece) : piece
    while (size + bytes.byteLength >= length) {
      const part = bytes.subarray(0, length - size)
      yield Buffer.concat([...pieces, part])
      bytes = bytes.subarray(part.byteLength)
      pieces = []
      size = 0
    }
    if (bytes.byteLength > 0) pieces.push(bytes)
    size += bytes.byteLength
  }
  if (size > 0) yield Buffer.concat(pieces)
}

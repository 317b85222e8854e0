import { Readable } from 'node:stream'
import type { PutBlobOptions } from '../../registry.ts'

/** The same bytes; `onProgress` hears of each piece when the next one is asked for. */
export function counted(content: Readable, onProgress: PutBlobOptions['onProgress']): Readable {
  if (!onProgress) return content
  // In the consumer's tick, so that nothing more than the stream's own buffer is held.
  return Readable.from(
    (async function* () {
      for await (const chunk of content) {
        const bytes: Uint8Array = chunk
        yield bytes
        onProgress(bytes.byteLength)
      }
    })(),
    { objectMode: false },
  )
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

import type { Readable, Writable } from 'node:stream'

interface Freed {
  /** The memory of pieces that aren't needed once written. */
  readonly spent: WeakSet<ArrayBufferLike>
  readonly watched: WeakSet<Writable>
}

/** A bundler may load this module more than once in a process: one copy marks what another one frees. */
const store = globalThis as { [FREED]?: Freed }
const FREED = Symbol.for('lading.freed-pieces')

function freed(): Freed {
  store[FREED] ??= { spent: new WeakSet(), watched: new WeakSet() }
  return store[FREED]
}

/**
 * The pieces of an unread stream belong to it alone: `freeWhatIsWritten` releases their memory as soon as they are
 * written. Left to the collector, an image that passes through makes it look at the whole heap every 30 MB, which takes
 * more time than hashing the image.
 */
export function freeOnceWritten(stream: Readable): void {
  const { spent } = freed()
  // A listener alone would make it flow.
  stream.pause()
  stream.on('data', (piece: unknown) => {
    // A part of a larger buffer, which may still be in use, is left to the collector.
    if (piece instanceof Uint8Array && piece.byteLength === piece.buffer.byteLength) spent.add(piece.buffer)
  })
}

/**
 * Releases the memory of pieces: see `freeOnceWritten`. For sockets and files, which are done with what they have
 * written.
 */
export function freeWhatIsWritten(writable: Writable): void {
  const { watched } = freed()
  if (watched.has(writable)) return
  watched.add(writable)
  const { _write: write, _writev: writev } = writable
  writable._write = (chunk, encoding, done) =>
    write.call(writable, chunk, encoding, (error) => {
      if (!error) free(chunk)
      done(error)
    })
  if (writev)
    writable._writev = (chunks, done) =>
      writev.call(writable, chunks, (error) => {
        if (!error) for (const { chunk } of chunks) free(chunk)
        done(error)
      })
}

function free(chunk: unknown): void {
  if (!(chunk instanceof Uint8Array) || !freed().spent.delete(chunk.buffer)) return
  const { buffer } = chunk
  // The caller may be about to read its length.
  if (buffer instanceof ArrayBuffer) queueMicrotask(() => buffer.transfer(0))
}

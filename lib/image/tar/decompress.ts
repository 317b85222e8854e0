import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream'
import { createGunzip, createZstdDecompress } from 'node:zlib'
import { RegistryError } from '../../registry/errors.ts'
import { ZstdFrames } from './zstd-frames.ts'

export type Compression = 'gzip' | 'zstd' | 'none'

/** 64 KiB would cost a third of the rate; more, memory. */
const CHUNK = 128 * 1024
/** Real layers stay below 100 to 1. Gzip can do 1,032 to 1, zstd more. */
const MAX_RATIO = 200
/** So much may come out of however little: a layer may well hold a large file of zeros. */
const FREE_BYTES = 256 * 1024 * 1024

export interface DecompressOptions {
  /** Fails with `too-large` once more than this many bytes come out. Default 1 TiB. */
  readonly maxBytes?: number
  /** Called with the bytes read of the source, as they come, since the last call. */
  readonly onRead?: (bytes: number) => void
}

/**
 * The plain bytes of a stream that is gzip, zstd or neither, as its first bytes say: media types are too often wrong.
 * A failure of the source is a failure of the result; ending the result early ends the source. Throws `too-large` for
 * what expands more than any honest content does.
 */
export async function* decompress(source: Readable, options: DecompressOptions = {}): AsyncGenerator<Buffer, void> {
  const { maxBytes = 2 ** 40, onRead } = options
  const packed = { bytes: 0 }
  const input = counted(source, (size) => {
    packed.bytes += size
    onRead?.(size)
  })
  let bytes = 0
  try {
    const head = await readHead(input)
    const compression = compressionOf(head)
    const allowed = compression === 'none' ? () => maxBytes : () => FREE_BYTES + packed.bytes * MAX_RATIO
    for await (const chunk of unpack(compression, chain(head, input))) {
      bytes += chunk.length
      if (bytes > maxBytes) throw new RegistryError('too-large', `the content expands to more than ${maxBytes} bytes`)
      if (bytes > allowed())
        throw new RegistryError(
          'too-large',
          `the content expands more than ${MAX_RATIO} times: it looks like a decompression bomb`,
        )
      yield chunk
    }
  } finally {
    source.destroy()
  }
}

export function compressionOf(head: Uint8Array): Compression {
  if (head[0] === 0x1f && head[1] === 0x8b) return 'gzip'
  const magic = head.length < 4 ? 0 : Buffer.from(head.buffer, head.byteOffset, 4).readUInt32LE()
  // Some compressors begin with a frame that is to be skipped.
  return magic === 0xfd2fb528 || magic >>> 4 === 0x184d2a5 ? 'zstd' : 'none'
}

function unpack(compression: Compression, input: AsyncGenerator<Buffer, void>): AsyncIterable<Buffer> {
  switch (compression) {
    case 'none':
      return input
    case 'gzip':
      return pipeline(input, createGunzip({ chunkSize: CHUNK }), ignore)
    case 'zstd':
      return unpackZstd(input)
  }
}

/** Node's decoder stops after one frame; parallel compressors and lazily pulled layers have many. */
async function* unpackZstd(input: AsyncGenerator<Buffer, void>): AsyncGenerator<Buffer, void> {
  const frames = new ZstdFrames(input)
  while (await frames.next()) yield* pipeline(frames.content(), createZstdDecompress({ chunkSize: CHUNK }), ignore)
}

/** Failures reach whoever reads the end of the pipeline. */
function ignore(): void {}

async function* counted(source: AsyncIterable<Buffer>, count: (bytes: number) => void): AsyncGenerator<Buffer, void> {
  for await (const chunk of source) {
    count(chunk.length)
    yield chunk
  }
}

async function readHead(input: AsyncGenerator<Buffer, void>): Promise<Buffer> {
  const chunks: Buffer[] = []
  for (let size = 0; size < 4; ) {
    const next = await input.next()
    if (next.done) break
    chunks.push(next.value)
    size += next.value.length
  }
  return chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks)
}

async function* chain(head: Buffer, rest: AsyncGenerator<Buffer, void>): AsyncGenerator<Buffer, void> {
  if (head.length > 0) yield head
  yield* rest
}

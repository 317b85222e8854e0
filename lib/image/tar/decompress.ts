import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream'
import { setImmediate as breathe } from 'node:timers/promises'
import { createGunzip, createZstdDecompress, zstdDecompressSync } from 'node:zlib'
import { isRecord } from '../../oci/descriptor.ts'
import { FormatError } from '../../oci/format-error.ts'
import { RegistryError } from '../../registry/errors.ts'
import { ZstdFrames } from './zstd-frames.ts'

export type Compression = 'gzip' | 'zstd' | 'none'

/** 64 KiB would cost a third of the rate; more, memory. */
const CHUNK = 128 * 1024
/** Frames up to this size are batched: lazily pulled layers have thousands, and each would cost a stream. */
const SMALL_FRAME = 256 * 1024
const LONGEST_TURN = 20

/** Limits for unpacking. */
export interface DecompressLimits {
  /** Fails with `too-large` once more than this many bytes come out. Default 1 TiB. */
  readonly maxBytes?: number
  /** How many times its packed size content may have. Real layers stay below 100; gzip can do 1,032, zstd more. Default 200. */
  readonly maxRatio?: number
  /** This much may expand from any input: a layer may well contain a large file of zeros. Default 256 MiB. */
  readonly freeBytes?: number
  /**
   * Milliseconds of unpacking alone, without the waits for the source and for the reader, beside a second for each MiB
   * that goes in or comes out. Real content takes a hundredth of that. Default 60,000.
   */
  readonly maxTime?: number
}

/**
 * The plain bytes of a stream that is gzip, zstd or neither, as its first bytes say: media types are too often wrong.
 * A failure of the source is a failure of the result; ending the result early ends the source. Throws `too-large` for
 * what expands more, or costs more time, than any honest content does, and FormatError `tar` for what is damaged.
 */
export async function* decompress(source: Readable, options: DecompressLimits = {}): AsyncGenerator<Buffer, void> {
  const clock = new WorkClock()
  const budget = new Budget(options, clock)
  const input = counted(source, clock, (size) => budget.take(size))
  try {
    const head = await readHead(input)
    const compression = compressionOf(head)
    if (compression === 'none') refuseOthers(head)
    budget.isPacked = compression !== 'none'
    for await (const chunk of unpack(compression, chain(head, input))) {
      budget.give(chunk.length)
      clock.hold()
      yield chunk
      clock.release()
    }
  } catch (error) {
    throw isBroken(error) ? new FormatError('tar', error.message, 'whole gzip or zstd', { cause: error }) : error
  } finally {
    source.destroy()
  }
}

/** Counts what goes in and what comes out. Every method throws RegistryError `too-large`. */
class Budget {
  isPacked = false
  #in = 0
  #out = 0
  #clock: WorkClock
  #limits: Required<DecompressLimits>

  constructor(limits: DecompressLimits, clock: WorkClock) {
    const { maxBytes = 2 ** 40, maxRatio = 200, freeBytes = 256 * 1024 * 1024, maxTime = 60_000 } = limits
    this.#limits = { maxBytes, maxRatio, freeBytes, maxTime }
    this.#clock = clock
  }

  take(bytes: number): void {
    this.#in += bytes
    this.#checkTime()
  }

  give(bytes: number): void {
    this.#out += bytes
    const { maxBytes, maxRatio, freeBytes } = this.#limits
    if (this.#out > maxBytes) throw tooLarge(`the content expands to more than ${maxBytes} bytes`)
    if (!this.isPacked) return
    if (this.#out > freeBytes + this.#in * maxRatio)
      throw tooLarge(
        `${this.#in} bytes expand to more than ${this.#out}, which is over ${maxRatio} times as much: it looks like a decompression bomb (a layer with huge files of zeros looks the same)`,
      )
    this.#checkTime()
  }

  #checkTime(): void {
    const allowed = this.#limits.maxTime + (1000 * (this.#in + this.#out)) / (1024 * 1024)
    if (this.isPacked && this.#clock.elapsed > allowed)
      throw tooLarge(
        `unpacking ${this.#in} bytes took longer than ${Math.round(allowed / 1000)} s: it looks like a decompression bomb`,
      )
  }
}

function tooLarge(message: string): RegistryError {
  return new RegistryError('too-large', message)
}

/** Formats that Node can't unpack, by bytes at a position. bzip2 begins with text, as a name in a tar may. */
const OTHERS: readonly (readonly [name: string, at: number, signature: string])[] = [
  ['xz', 0, 'fd377a585a00'],
  ['bzip2', 4, '314159265359'],
  ['lz4', 0, '04224d18'],
  ['a zip file', 0, '504b0304'],
  ['a 7z file', 0, '377abcaf271c'],
]
/** Bytes from the beginning to the end of the last. */
const SIGNATURES = 10

/** Anything else may be a tar. @throws FormatError `tar` */
function refuseOthers(head: Uint8Array): void {
  const hex = Buffer.from(head.subarray(0, SIGNATURES)).toString('hex')
  const found = OTHERS.find(([, at, signature]) => hex.startsWith(signature, at * 2))
  if (found) throw new FormatError('tar', hex, `gzip, zstd or a plain tar, but this is ${found[0]}`)
}

/** By the magic bytes at its start, as media types are not to be trusted. */
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
  let turn = performance.now()
  while (await frames.next()) {
    yield* unpackFrame(frames)
    // Small frames that are here already would not let anybody else run.
    if (performance.now() - turn < LONGEST_TURN) continue
    await breathe()
    turn = performance.now()
  }
}

async function* unpackFrame(frames: ZstdFrames): AsyncGenerator<Buffer, void> {
  const { size } = frames
  const content = frames.content()
  const held: Buffer[] = []
  // Blocks may be empty, so that a frame of little content can be long.
  for (let bytes = 0; (size ?? 0) <= SMALL_FRAME && bytes <= SMALL_FRAME; ) {
    const next = await content.next()
    if (next.done) {
      const plain = unpackSmall(Buffer.concat(held), size)
      if (plain?.length) yield plain
      if (plain) return
      break
    }
    held.push(next.value)
    bytes += next.value.length
  }
  yield* pipeline(chain(Buffer.concat(held), content), createZstdDecompress({ chunkSize: CHUNK }), ignore)
}

/** Undefined when more comes out than is small: not every frame says how much it holds. */
function unpackSmall(frame: Buffer, size = 16 * 1024): Buffer | undefined {
  try {
    return zstdDecompressSync(frame, { chunkSize: Math.max(64, size), maxOutputLength: SMALL_FRAME })
  } catch (error) {
    if (isRecord(error) && error.code === 'ERR_BUFFER_TOO_LARGE') return undefined
    throw error
  }
}

/** zlib's own errors: `Z_DATA_ERROR`, `Z_BUF_ERROR` for what is cut short, `ZSTD_error_corruption_detected`. */
function isBroken(error: unknown): error is Error {
  return error instanceof Error && 'code' in error && /^Z(?:STD)?_/.test(String(error.code))
}

/** Failures reach the reader at the end of the pipeline. */
function ignore(): void {}

async function* counted(
  source: AsyncIterable<Buffer>,
  clock: WorkClock,
  count: (bytes: number) => void,
): AsyncGenerator<Buffer, void> {
  clock.hold()
  for await (const chunk of source) {
    clock.release()
    count(chunk.length)
    yield chunk
    clock.hold()
  }
  clock.release()
}

async function readHead(input: AsyncGenerator<Buffer, void>): Promise<Buffer> {
  const chunks: Buffer[] = []
  for (let size = 0; size < SIGNATURES; ) {
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

/** Measures work: runs while nobody holds it. Holds may overlap. */
class WorkClock {
  #holders = 0
  #before = 0
  #since = performance.now()

  /** Milliseconds. */
  get elapsed(): number {
    return this.#holders > 0 ? this.#before : this.#before + performance.now() - this.#since
  }

  hold(): void {
    this.#before = this.elapsed
    this.#holders++
  }

  release(): void {
    this.#holders--
    this.#since = performance.now()
  }
}

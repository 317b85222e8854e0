import { FormatError } from '../../oci/format-error.ts'

const MAGIC = 0xfd2fb528

/** Splits zstd data into its frames (RFC 8878, section 3) without decoding it; frames to be skipped are left out. */
export class ZstdFrames {
  /** Bytes that come out of the current frame, as its header says; not every frame says so. */
  size: number | undefined
  #input: AsyncGenerator<Buffer, void>
  #rest: Buffer = Buffer.alloc(0)
  #header: Buffer = Buffer.alloc(0)
  #hasChecksum = false

  constructor(input: AsyncGenerator<Buffer, void>) {
    this.#input = input
  }

  /** Moves to the next frame with content; false at the end. The one before must have been read. */
  async next(): Promise<boolean> {
    for (;;) {
      if (this.#rest.length === 0 && !(await this.#fill(1))) return false
      const head = await this.#take(4)
      const magic = head.readUInt32LE()
      if (magic === MAGIC) {
        await this.#readHeader(head)
        return true
      }
      if (magic >>> 4 !== 0x184d2a5) throw new FormatError('tar', head.toString('hex'), 'a zstd frame')
      const size = (await this.#take(4)).readUInt32LE()
      for await (const _ of this.#pass(size)) {
        // To be skipped, says the frame itself.
      }
    }
  }

  /** The bytes of the frame, from its magic number to its checksum. */
  async *content(): AsyncGenerator<Buffer, void> {
    yield this.#header
    for (let last = 0; last === 0; ) {
      const header = await this.#take(3)
      const value = header.readUIntLE(0, 3)
      last = value & 1
      const isRepeated = ((value >> 1) & 3) === 1
      yield header
      yield* this.#pass(isRepeated ? 1 : value >> 3)
    }
    if (this.#hasChecksum) yield* this.#pass(4)
  }

  async #readHeader(magic: Buffer): Promise<void> {
    const descriptor = await this.#take(1)
    const bits = descriptor[0] ?? 0
    const isSingle = (bits >> 5) & 1
    const sizeBytes = [isSingle, 2, 4, 8][bits >> 6] ?? 0
    const dictionaryBytes = [0, 1, 2, 4][bits & 3] ?? 0
    const rest = await this.#take((isSingle ? 0 : 1) + dictionaryBytes + sizeBytes)
    this.size = readSize(rest.subarray(rest.length - sizeBytes))
    this.#hasChecksum = (bits & 4) !== 0
    this.#header = Buffer.concat([magic, descriptor, rest])
  }

  async *#pass(length: number): AsyncGenerator<Buffer, void> {
    for (let left = length; left > 0; ) {
      if (this.#rest.length === 0 && !(await this.#fill(1))) throw cutShort()
      const piece = this.#rest.subarray(0, left)
      this.#rest = this.#rest.subarray(piece.length)
      left -= piece.length
      yield piece
    }
  }

  async #take(length: number): Promise<Buffer> {
    if (!(await this.#fill(length))) throw cutShort()
    const piece = this.#rest.subarray(0, length)
    this.#rest = this.#rest.subarray(length)
    return piece
  }

  async #fill(length: number): Promise<boolean> {
    while (this.#rest.length < length) {
      const next = await this.#input.next()
      if (next.done) return false
      this.#rest = this.#rest.length === 0 ? next.value : Buffer.concat([this.#rest, next.value])
    }
    return true
  }
}

function readSize(field: Buffer): number | undefined {
  if (field.length === 0) return undefined
  if (field.length === 8) return Number(field.readBigUInt64LE())
  // With two bytes the first 256 sizes are left to the form with one.
  return field.readUIntLE(0, field.length) + (field.length === 2 ? 256 : 0)
}

function cutShort(): FormatError {
  return new FormatError('tar', 'the end of the input', 'the rest of a zstd frame')
}

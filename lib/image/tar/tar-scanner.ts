import { TAR_BLOCK, tarPadding } from '../../oci/encode-tar-header.ts'
import { FormatError } from '../../oci/format-error.ts'
import type { TarEntry } from './tar-entry.ts'
import {
  checkBlock,
  type ExtensionType,
  extensionType,
  isOldSparse,
  isZero,
  parseHeader,
  parsePax,
  readSize,
  readText,
} from './tar-header.ts'

/** `end` follows the content of every entry, even of an empty one. */
export type TarEvent =
  | { readonly kind: 'entry'; readonly entry: TarEntry }
  | { readonly kind: 'data'; readonly bytes: Uint8Array }
  | { readonly kind: 'end' }

export interface TarLimits {
  readonly entries?: number
  /** Bytes of a path, and of what a link names. */
  readonly path?: number
  /** Bytes of all extension headers of an entry, which hold names and some attributes: more is an attack. */
  readonly extension?: number
  /** Bytes of the global extension headers that say something about entries: each entry has to be looked up in them. */
  readonly global?: number
}

export const TAR_LIMITS: Required<TarLimits> = {
  entries: 1_000_000,
  path: 4096,
  extension: 1024 * 1024,
  global: 64 * 1024,
}

const MAX_SPARSE_BLOCKS = 10_000

const NONE: ReadonlyMap<string, string> = new Map()
const END = { kind: 'end' } as const

/**
 * Reads a tar as its bytes come, in pieces of any size: ustar, pax, GNU long names and sparse files. Content is handed
 * on without a copy; nothing is held but a header, however large the archive says its entries are. What follows the
 * end mark is passed over. Throws FormatError `tar` for anything that isn't a tar or exceeds the limits, by default a
 * million entries, paths of 4 KiB, and extension headers of 1 MiB an entry.
 */
export class TarScanner {
  #state: 'header' | 'extension' | 'sparse' | 'body' | 'padding' | 'done' = 'header'
  #partial: Buffer[] = []
  #partialSize = 0
  #wanted = TAR_BLOCK
  #padding = 0
  #entries = 0
  #sparseBlocks = 0
  #extension: { type: ExtensionType; size: number } | undefined
  #head: Buffer[] = []
  #headBytes = 0
  #longName: string | undefined
  #longLink: string | undefined
  #pax: Map<string, string> | undefined
  #globalPax: ReadonlyMap<string, string> = NONE
  #globalBytes = 0
  #pending: TarEntry | undefined
  #limits: Required<TarLimits>

  constructor(limits: TarLimits = {}) {
    this.#limits = { ...TAR_LIMITS, ...limits }
  }

  *feed(chunk: Buffer): Generator<TarEvent, void> {
    let at = 0
    while (at < chunk.length) {
      switch (this.#state) {
        case 'body': {
          const bytes = chunk.subarray(at, at + this.#wanted)
          at += bytes.length
          this.#wanted -= bytes.length
          yield { kind: 'data', bytes }
          if (this.#wanted === 0) yield* this.#endBody()
          break
        }
        case 'padding': {
          const skipped = Math.min(this.#wanted, chunk.length - at)
          at += skipped
          this.#wanted -= skipped
          if (this.#wanted === 0) this.#expect('header', TAR_BLOCK)
          break
        }
        case 'done':
          return
        default: {
          const piece = chunk.subarray(at, at + this.#wanted - this.#partialSize)
          at += piece.length
          const whole = this.#collect(piece)
          if (whole) yield* this.#accept(whole)
        }
      }
    }
  }

  /** To be called at the end of the input. @throws FormatError `tar` when it stops inside an entry */
  finish(): void {
    const between = this.#state === 'header' && this.#partialSize === 0 && this.#head.length === 0
    if (this.#state !== 'done' && this.#state !== 'padding' && !between)
      throw new FormatError('tar', 'the end of the input', 'the rest of an entry: the archive is truncated')
  }

  #expect(state: 'header' | 'extension' | 'sparse' | 'body' | 'padding', bytes: number): void {
    this.#state = state
    this.#wanted = bytes
  }

  #collect(piece: Buffer): Buffer | undefined {
    if (this.#partialSize === 0 && piece.length === this.#wanted) return piece
    this.#partial.push(piece)
    this.#partialSize += piece.length
    if (this.#partialSize < this.#wanted) return undefined
    const whole = Buffer.concat(this.#partial)
    this.#partial = []
    this.#partialSize = 0
    return whole
  }

  *#accept(whole: Buffer): Generator<TarEvent, void> {
    if (this.#state === 'extension') return this.#acceptExtension(whole)
    if (this.#state === 'sparse') return yield* this.#acceptSparse(whole)
    if (isZero(whole)) {
      this.#state = 'done'
      return
    }
    checkBlock(whole)
    this.#head.push(whole)
    const type = extensionType(whole)
    if (type) return this.#expectExtension(type, whole)
    const parsed = parseHeader(whole, {
      pax: this.#pax ?? NONE,
      globalPax: this.#globalPax,
      ...(this.#longName !== undefined && { longName: this.#longName }),
      ...(this.#longLink !== undefined && { longLink: this.#longLink }),
    })
    const { path, entries } = this.#limits
    for (const name of [parsed.path, parsed.linkPath])
      if (name.length > path) throw new FormatError('tar', name, `paths of at most ${path} bytes`)
    if (++this.#entries > entries) throw new FormatError('tar', this.#entries, `at most ${entries} entries`)
    const entry = { ...parsed, head: this.#head }
    this.#clearHead()
    this.#longName = this.#longLink = this.#pax = undefined
    if (isOldSparse(whole) && whole[482]) {
      this.#pending = entry
      this.#sparseBlocks = 0
      return this.#expect('sparse', TAR_BLOCK)
    }
    yield* this.#begin(entry)
  }

  *#acceptSparse(block: Buffer): Generator<TarEvent, void> {
    const entry = this.#pending
    if (!entry) return
    const head = [...entry.head, block]
    this.#pending = { ...entry, head }
    if (++this.#sparseBlocks > MAX_SPARSE_BLOCKS) throw new FormatError('tar', 'a sparse file', 'fewer holes')
    if (block[504]) return
    yield* this.#begin(this.#pending)
  }

  *#begin(entry: TarEntry): Generator<TarEvent, void> {
    this.#padding = tarPadding(entry.size)
    this.#expect('body', entry.size)
    yield { kind: 'entry', entry }
    if (entry.size === 0) yield* this.#endBody()
  }

  *#endBody(): Generator<TarEvent, void> {
    if (this.#padding > 0) this.#expect('padding', this.#padding)
    else this.#expect('header', TAR_BLOCK)
    yield END
  }

  #expectExtension(type: ExtensionType, block: Buffer): void {
    const size = readSize(block)
    const { extension } = this.#limits
    this.#headBytes += TAR_BLOCK + size
    if (this.#headBytes > extension)
      throw new FormatError('tar', `${this.#headBytes} bytes`, `extension headers of at most ${extension} bytes`)
    this.#extension = { type, size }
    if (size > 0) this.#expect('extension', size + tarPadding(size))
    else this.#expect('header', TAR_BLOCK)
  }

  #acceptExtension(padded: Buffer): void {
    const { type, size } = this.#extension ?? { type: 'pax', size: 0 }
    const body = padded.subarray(0, size)
    this.#head.push(padded)
    if (type === 'long-name') this.#longName = readText(body, 0, size)
    else if (type === 'long-link') this.#longLink = readText(body, 0, size)
    else if (type === 'pax') this.#pax = parsePax(body)
    else this.#acceptGlobal(parsePax(body), size)
    this.#expect('header', TAR_BLOCK)
  }

  #acceptGlobal(records: Map<string, string>, size: number): void {
    this.#clearHead()
    // Git writes its commit there, which isn't about any entry.
    records.delete('comment')
    if (records.size === 0) return
    const { global } = this.#limits
    this.#globalBytes += size
    if (this.#globalBytes > global)
      throw new FormatError('tar', `${this.#globalBytes} bytes`, `global headers of at most ${global} bytes`)
    this.#globalPax = new Map([...this.#globalPax, ...records])
  }

  #clearHead(): void {
    this.#head = []
    this.#headBytes = 0
  }
}

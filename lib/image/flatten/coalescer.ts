const CAPACITY = 256 * 1024
const LARGE = 32 * 1024

/**
 * Joins small pieces, so that an archive of small files does not travel in pieces of 512 bytes. Large ones pass
 * uncopied.
 */
export class Coalescer {
  #buffer = Buffer.allocUnsafe(CAPACITY)
  #filled = 0
  #ready: Uint8Array[] = []

  add(bytes: Uint8Array): void {
    if (bytes.length >= LARGE) {
      this.#flush()
      this.#ready.push(bytes)
      return
    }
    if (this.#filled + bytes.length > CAPACITY) this.#flush()
    this.#buffer.set(bytes, this.#filled)
    this.#filled += bytes.length
  }

  /** The complete pieces; with `all`, everything. */
  *take(all = false): Generator<Uint8Array, void> {
    if (all) this.#flush()
    const ready = this.#ready
    this.#ready = []
    yield* ready
  }

  #flush(): void {
    if (this.#filled === 0) return
    this.#ready.push(this.#buffer.subarray(0, this.#filled))
    this.#buffer = Buffer.allocUnsafe(CAPACITY)
    this.#filled = 0
  }
}

import { createHash, type Hash } from 'node:crypto'
import type { Digest, DigestAlgorithm } from './digest.ts'

/** The digest of `bytes`, exactly as they are: never of a re-serialised document. */
export function digestOf(bytes: Uint8Array | string, algorithm: DigestAlgorithm = 'sha256'): Digest {
  return `${algorithm}:${createHash(algorithm).update(bytes).digest('hex')}` as Digest
}

/** Hashes a stream as it passes: `update` each chunk, then read `digest` once. */
export class Digester {
  readonly algorithm: DigestAlgorithm
  #hash: Hash
  size = 0

  constructor(algorithm: DigestAlgorithm = 'sha256') {
    this.algorithm = algorithm
    this.#hash = createHash(algorithm)
  }

  update(chunk: Uint8Array): this {
    this.#hash.update(chunk)
    this.size += chunk.byteLength
    return this
  }

  digest(): Digest {
    return `${this.algorithm}:${this.#hash.digest('hex')}` as Digest
  }
}

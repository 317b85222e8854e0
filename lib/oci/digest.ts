import { FormatError } from './format-error.ts'

/**
 * A content digest that has been parsed: `sha256:` + 64 or `sha512:` + 128 lower-case hex digits. That of a descriptor can
 * be of an algorithm that Lading doesn't know (see `isWellFormedDigest`): whatever needs its bytes refuses it.
 */
export type Digest = string & { readonly __brand: 'Digest' }

export type DigestAlgorithm = 'sha256' | 'sha512'

const PATTERNS: Record<DigestAlgorithm, RegExp> = {
  sha256: /^sha256:[0-9a-f]{64}$/,
  sha512: /^sha512:[0-9a-f]{128}$/,
}

/** True when `text` is a digest of a registered algorithm (image-spec, descriptor.md, "Digests"). */
export function isDigest(text: unknown): text is Digest {
  return typeof text === 'string' && (PATTERNS.sha256.test(text) || PATTERNS.sha512.test(text))
}

/** image-spec, descriptor.md, "Digests". Longer ones are no algorithm's. */
const GRAMMAR = /^(?!sha(?:256|512):)[a-z0-9]+(?:[+._-][a-z0-9]+)*:[a-zA-Z0-9=_-]{1,256}$/

/**
 * True also for a digest of an algorithm that Lading doesn't know, as `blake3:…`: a document that names one is valid, and
 * the rest of what it names can be read.
 */
export function isWellFormedDigest(text: unknown): text is Digest {
  return isDigest(text) || (typeof text === 'string' && GRAMMAR.test(text))
}

/**
 * Parses a digest that can be verified. The pattern is anchored per algorithm, so the result is safe in a path or a cache key.
 * @throws FormatError with code `digest`, or `digest-algorithm` for one of an algorithm that Lading doesn't know
 */
export function parseDigest(text: unknown): Digest {
  if (isDigest(text)) return text
  if (isWellFormedDigest(text)) throw unknownAlgorithm(text)
  throw new FormatError('digest', text, 'sha256: and 64 hexadecimal digits, for example sha256:44136fa3…')
}

/** The part before the colon. @throws FormatError with code `digest-algorithm` */
export function algorithmOf(digest: Digest): DigestAlgorithm {
  if (digest.startsWith('sha256:')) return 'sha256'
  if (digest.startsWith('sha512:')) return 'sha512'
  throw unknownAlgorithm(digest)
}

function unknownAlgorithm(digest: Digest): FormatError {
  return new FormatError('digest-algorithm', digest, 'a digest by sha256 or sha512, which can be verified')
}

/** The hexadecimal part, without the algorithm. */
export function hexOf(digest: Digest): string {
  return digest.slice(digest.indexOf(':') + 1)
}

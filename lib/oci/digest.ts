import { FormatError } from './format-error.ts'

/** A content digest that has been parsed: `sha256:` + 64 or `sha512:` + 128 lower-case hex digits. */
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

/**
 * Parses a digest. The pattern is anchored per algorithm, so the result is safe in a path or a cache key.
 * @throws FormatError with code `digest`
 */
export function parseDigest(text: unknown): Digest {
  if (isDigest(text)) return text
  throw new FormatError('digest', text, 'sha256: and 64 hexadecimal digits, for example sha256:44136fa3…')
}

/** The part before the colon. */
export function algorithmOf(digest: Digest): DigestAlgorithm {
  return digest.startsWith('sha512:') ? 'sha512' : 'sha256'
}

/** The hexadecimal part, without the algorithm. */
export function hexOf(digest: Digest): string {
  return digest.slice(digest.indexOf(':') + 1)
}

import { BrandedError } from './branded-error.ts'

/** What was malformed. The codes are stable: they select what the user reads. */
export type FormatErrorCode =
  | 'digest'
  /** Well-formed, but by an algorithm that Lading doesn't know: its content can't be verified. */
  | 'digest-algorithm'
  | 'repository'
  | 'tag'
  | 'reference'
  | 'platform'
  | 'descriptor'
  | 'json'
  | 'manifest'
  | 'manifest-ambiguous'
  | 'manifest-media-type'
  | 'config'
  | 'schema1'
  | 'label'
  | 'tar'
  | 'archive'
  | 'pattern'
  | 'signature'

/** A name or a document that does not have the form its specification asks for. */
export class FormatError extends BrandedError {
  static override readonly brand = 'FormatError'

  readonly code: FormatErrorCode
  /** The form that was expected, with an example. */
  readonly expected: string

  constructor(code: FormatErrorCode, found: unknown, expected: string, options?: ErrorOptions) {
    super(`not a valid ${code}: ${excerpt(found)}; expected ${expected}`, options)
    this.code = code
    this.expected = expected
  }
}

function excerpt(found: unknown): string {
  const text = typeof found === 'string' ? found : (JSON.stringify(found) ?? String(found))
  return JSON.stringify(text.length > 80 ? `${text.slice(0, 80)}…` : text)
}

import { FormatError, type FormatErrorCode } from '../../oci/format-error.ts'
import { RegistryError, type RegistryErrorKind } from '../../registry/errors.ts'

/** An error as text, so that it reads the same later. Its cause and stack stay behind. */
export function storedError(error: Error): string {
  const { name, message } = error
  if (error instanceof RegistryError) {
    const { kind, reason, status, host, repository, codes, detail, retryAfter, expected, found } = error
    const details = { reason, status, host, repository, codes, detail, retryAfter, expected, found }
    return JSON.stringify({ is: 'registry', kind, message, details })
  }
  if (error instanceof FormatError)
    return JSON.stringify({ is: 'format', code: error.code, expected: error.expected, message })
  return JSON.stringify({ is: 'other', name, message })
}

/** The error that `storedError` was given. */
export function originalError(stored: string): Error {
  const error = JSON.parse(stored) as StoredError
  switch (error.is) {
    case 'registry':
      return new RegistryError(error.kind, error.message, error.details)
    case 'format': {
      const original = new FormatError(error.code, '', error.expected)
      // The found text is only in the message.
      original.message = error.message
      return original
    }
    case 'other':
      return Object.assign(new Error(error.message), { name: error.name })
  }
}

/** A stable code for it, to be counted by. */
export function errorCode(error: Error): string {
  return error instanceof RegistryError ? error.kind : error instanceof FormatError ? error.code : error.name
}

/** Only `storedError` writes it. */
type StoredError =
  | { is: 'registry'; kind: RegistryErrorKind; message: string; details: object }
  | { is: 'format'; code: FormatErrorCode; expected: string; message: string }
  | { is: 'other'; name: string; message: string }

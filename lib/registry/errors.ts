import { BrandedError } from '../oci/branded-error.ts'
import { OUTAGES } from './outages.ts'

/**
 * Why a registry could not do what it was asked. Decided by status first: registries disagree about error codes.
 * - `unreachable` no connection, DNS, refused, reset · `timeout` · `tls` unknown CA, expired, wrong host
 * - `unauthorized` 401 after credentials were tried · `denied` 403 or insufficient_scope
 * - `not-found` no such repository, manifest, blob or tag · `unsupported` the registry has no such function
 * - `deletes-disabled` deletes exist but are switched off · `rate-limited` 429 · `unavailable` 5xx
 * - `conflict` what was expected to be there has changed · `exists` refuses to overwrite
 * - `digest-mismatch`, `size-mismatch` wrong bytes · `too-large` over a limit of ours
 * - `malformed` an answer that is not what the protocol says · `unsafe-redirect` an address that credentials must not follow
 * - `invalid` the registry refused our content · `missing-content` content that something points at is absent
 */
export type RegistryErrorKind =
  | 'unreachable'
  | 'timeout'
  | 'tls'
  | 'unauthorized'
  | 'denied'
  | 'not-found'
  | 'unsupported'
  | 'deletes-disabled'
  | 'rate-limited'
  | 'unavailable'
  | 'conflict'
  | 'exists'
  | 'digest-mismatch'
  | 'size-mismatch'
  | 'too-large'
  | 'malformed'
  | 'unsafe-redirect'
  | 'invalid'
  | 'missing-content'

/**
 * The cause of some kinds of failures, where different remedies apply.
 * - `denied`: `immutable-tag` a rule of the registry keeps the tag as it is; `blocked-by-policy` one keeps the image from
 *   being pulled; `storage-refused` the host that it redirects to refused
 * - `tls`: the certificate is not trusted, out of its dates, or for other names; `no-tls` the port speaks plain http;
 *   `needs-tls` the port speaks only https
 * - `unreachable`: `no-layout` a folder holds no image layout
 * - `layout-file`: the file system failed, under a layout; the message says what to do about it
 */
export type RegistryErrorReason =
  | 'immutable-tag'
  | 'blocked-by-policy'
  | 'storage-refused'
  | 'no-layout'
  | 'layout-file'
  | 'untrusted-certificate'
  | 'certificate-dates'
  | 'certificate-name'
  | 'no-tls'
  | 'needs-tls'

export interface RegistryErrorDetails {
  readonly reason?: RegistryErrorReason
  /** The message names no address and no setting: anybody may read it. */
  readonly isPlain?: boolean
  /** HTTP status, where there was an answer. */
  readonly status?: number
  /** Host and port that answered or should have; the folder for a layout. */
  readonly host?: string
  readonly repository?: string
  /** The registry's own error codes, as `MANIFEST_UNKNOWN`, in its order. */
  readonly codes?: readonly string[]
  /** The registry's own words, shortened. Never contains credentials. */
  readonly detail?: string
  /** Milliseconds the registry asked us to wait. */
  readonly retryAfter?: number
  /** For `conflict` and `exists`: the digests expected and found. */
  readonly expected?: string
  readonly found?: string
}

/** The one error of `lib/registry`: `kind` is stable and selects what the user reads. */
export class RegistryError extends BrandedError {
  static override readonly brand = 'RegistryError'

  readonly kind: RegistryErrorKind
  readonly reason: RegistryErrorReason | undefined
  readonly isPlain: boolean
  readonly status: number | undefined
  readonly host: string | undefined
  readonly repository: string | undefined
  readonly codes: readonly string[]
  readonly detail: string | undefined
  readonly retryAfter: number | undefined
  readonly expected: string | undefined
  readonly found: string | undefined

  constructor(kind: RegistryErrorKind, message: string, details: RegistryErrorDetails = {}, options?: ErrorOptions) {
    super(message, options)
    this.kind = kind
    this.reason = details.reason
    this.isPlain = details.isPlain === true
    this.status = details.status
    this.host = details.host
    this.repository = details.repository
    this.codes = details.codes ?? []
    this.detail = details.detail
    this.retryAfter = details.retryAfter
    this.expected = details.expected
    this.found = details.found
  }
}

/** True for a RegistryError, of any kind or of one of `kinds`. */
export function isRegistryError(error: unknown, ...kinds: RegistryErrorKind[]): error is RegistryError {
  return error instanceof RegistryError && (kinds.length === 0 || kinds.includes(error.kind))
}

/** Whether the registry couldn't be reached: the outcome of earlier requests is unknown. */
export function isOutage(error: unknown): error is RegistryError {
  return isRegistryError(error, ...OUTAGES)
}

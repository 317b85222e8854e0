import { isRecord } from '../../../oci/descriptor.ts'
import { RegistryError, type RegistryErrorKind, type RegistryErrorReason } from '../../errors.ts'
import { findChallenge, parseChallenges } from '../auth/challenge.ts'
import { parseRetryAfter } from './retry-after.ts'

const MAX_DETAIL = 300

export interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly host: string
  readonly method: string
  readonly repository: string | undefined
  /** Up to 64 KiB of the body; empty for HEAD. */
  readonly body: Uint8Array
  /** It came from another host that the registry redirected to. */
  readonly isForeign?: boolean
  /** What was sent to log in. Servers for debugging, and some proxies, repeat the request: that is never passed on. */
  readonly secrets: readonly string[]
}

/**
 * Translates an unsuccessful answer. The status decides first: codes and their spelling differ between registries, and
 * some answer 400 for what is unknown.
 */
export function answerError(answer: Answer): RegistryError {
  const read = readErrors(answer)
  const isQuotable = (text: string | undefined) => text !== undefined && !repeats(text, answer.secrets)
  const codes = read.codes.filter((code) => CODES.has(code) || isQuotable(code))
  const words = isQuotable(read.detail) ? read.detail : ''
  const challenge = findChallenge(parseChallenges(answer.headers['www-authenticate']), 'bearer')
  const oauthError = challenge?.parameters.get('error')
  const warning = headerText(answer.headers.warning)
  const detail = [words, oauthError, warning].filter(isQuotable).filter(Boolean).join('; ').slice(0, MAX_DETAIL)
  const reason = reasonOf(answer, read.detail)
  const kind = reason === 'needs-tls' ? 'tls' : reason ? 'denied' : kindOf(answer, codes, oauthError)
  const retryAfter = parseRetryAfter(answer.headers['retry-after'])
  return new RegistryError(
    kind,
    `${answer.host} ${SAYS[kind] ?? 'refused'} (${answer.status}${codes[0] ? ` ${codes[0]}` : ''})`,
    {
      status: answer.status,
      reason,
      host: answer.host,
      codes,
      repository: answer.repository,
      detail: detail || undefined,
      retryAfter,
    },
  )
}

/** Of the specifications of OCI and distribution. They are decided by, and reveal nothing even where one is a password. */
const CODES: ReadonlySet<string> = new Set([
  'BLOB_UNKNOWN',
  'BLOB_UPLOAD_INVALID',
  'BLOB_UPLOAD_UNKNOWN',
  'DENIED',
  'DIGEST_INVALID',
  'MANIFEST_BLOB_UNKNOWN',
  'MANIFEST_INVALID',
  'MANIFEST_UNKNOWN',
  'NAME_INVALID',
  'NAME_UNKNOWN',
  'SIZE_INVALID',
  'TAG_UNKNOWN',
  'TOOMANYREQUESTS',
  'UNAUTHORIZED',
  'UNSUPPORTED',
])

function repeats(text: string, secrets: readonly string[]): boolean {
  const lower = text.toLowerCase()
  return secrets.some((secret) => lower.includes(secret.toLowerCase()))
}

const SAYS: Partial<Record<RegistryErrorKind, string>> = {
  unauthorized: 'rejected the credentials',
  denied: 'refused access',
  'not-found': 'doesn’t have this',
  unsupported: 'doesn’t support this',
  'deletes-disabled': 'doesn’t delete',
  'rate-limited': 'is limiting requests',
  unavailable: 'has a server error',
  timeout: 'took too long',
  conflict: 'reported a conflict',
  invalid: 'refused the content',
  'missing-content': 'lacks content that this needs',
  malformed: 'sent an unexpected response',
  tls: 'only speaks HTTPS on this port',
}

/** Of Xray and Nexus Firewall. A policy alone may be one of access, as in AWS. */
const BLOCKED = /\bdownload block|\bquarantine|\bvulnerabilit/i

/** Details that the status and the codes leave open. */
function reasonOf({ status, method, body, isForeign }: Answer, words: string): RegistryErrorReason | undefined {
  // Our credentials weren't sent there, and its rules aren't the registry's: S3 answers 403 to a link that has expired.
  if (isForeign) return status >= 400 && status < 500 && !TOLD_APART.has(status) ? 'storage-refused' : undefined
  const reads = method === 'GET' || method === 'HEAD'
  // Harbor answers 412 to those who would pull an image that is vulnerable or not signed; Artifactory and Nexus 403.
  if (reads && (status === 412 || (status === 403 && BLOCKED.test(words)))) return 'blocked-by-policy'
  // Harbor answers 412, ECR 400 with "cannot be overwritten because the repository is immutable", Quay 409.
  if (status === 412) return 'immutable-tag'
  const writes = method === 'PUT' || method === 'DELETE'
  if (writes && (status === 400 || status === 403 || status === 409) && /\bimmutab/i.test(words)) return 'immutable-tag'
  // Go says "Client sent an HTTP request to an HTTPS server", nginx "The plain HTTP request was sent to HTTPS port".
  const isPlain =
    status === 400 && /HTTP request (?:was sent )?to (?:an )?HTTPS/.test(Buffer.from(body).toString('latin1'))
  return isPlain ? 'needs-tls' : undefined
}

/** Absence, timeouts and limits mean the same on every host. */
const TOLD_APART: ReadonlySet<number> = new Set([404, 408, 410, 429])

const INVALID: ReadonlySet<number> = new Set([400, 411, 413, 415, 416, 422])

function kindOf(answer: Answer, codes: readonly string[], oauthError: string | undefined): RegistryErrorKind {
  const { status, method } = answer
  const has = (...wanted: string[]) => wanted.some((code) => codes.includes(code))
  const writes = method === 'PUT' || method === 'POST' || method === 'PATCH'
  if (status === 401) return oauthError === 'insufficient_scope' ? 'denied' : 'unauthorized'
  if (status === 403 || status === 451) return 'denied'
  if (status === 429 || has('TOOMANYREQUESTS')) return 'rate-limited'
  if (status === 408) return 'timeout'
  if (status >= 500) return status === 501 ? 'unsupported' : 'unavailable'
  if (writes && has('MANIFEST_BLOB_UNKNOWN', 'BLOB_UNKNOWN')) return 'missing-content'
  if (writes && has('DIGEST_INVALID')) return 'digest-mismatch'
  if (writes && has('SIZE_INVALID')) return 'size-mismatch'
  if (has('UNSUPPORTED')) return method === 'DELETE' && status === 405 ? 'deletes-disabled' : 'unsupported'
  // zot refuses like this to delete a manifest that an index still lists.
  if (status === 405 && has('DENIED')) return 'denied'
  if (status === 405) return method === 'DELETE' ? 'deletes-disabled' : 'unsupported'
  if (status === 404 || status === 410) return 'not-found'
  if (has('NAME_UNKNOWN', 'MANIFEST_UNKNOWN', 'BLOB_UNKNOWN', 'TAG_UNKNOWN')) return 'not-found'
  if (status === 409) return 'conflict'
  if (INVALID.has(status)) return 'invalid'
  return 'malformed'
}

/** `{"errors":[{code,message,detail}]}` as the specification has it, or whatever text came instead. */
function readErrors(answer: Answer): { codes: string[]; detail: string } {
  const text = new TextDecoder().decode(answer.body).trim()
  const type = headerText(answer.headers['content-type']) ?? ''
  if (/^\s*</.test(text) || type.includes('html')) return { codes: [], detail: '' }
  const document = tryJson(text)
  const errors =
    isRecord(document) && Array.isArray(document.errors) ? document.errors.filter(isRecord).slice(0, 10) : []
  if (errors.length > 0)
    return {
      codes: errors.flatMap((e) => (typeof e.code === 'string' ? [e.code.slice(0, 100).toUpperCase()] : [])),
      detail: errors
        .map((e) => firstText(e.message, e.detail, e.details))
        .filter(Boolean)
        .join('; '),
    }
  const single = isRecord(document)
    ? firstText(document.details, document.message, document.error_description, document.error)
    : text
  return { codes: [], detail: single }
}

function tryJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function firstText(...values: readonly unknown[]): string {
  const found = values.find((value) => typeof value === 'string' && value !== '')
  return typeof found === 'string' ? found : ''
}

function headerText(header: string | string[] | undefined): string | undefined {
  return typeof header === 'string' ? header : header?.[0]
}

import { errors } from 'undici'
import { isRecord } from '../../../oci/descriptor.ts'
import { RegistryError, type RegistryErrorReason } from '../../errors.ts'

const RESET: ReadonlySet<string> = new Set(['ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET', 'ECONNABORTED'])
const TIMEOUT: Readonly<Record<string, string>> = {
  ETIMEDOUT: 'did not accept a connection in time',
  UND_ERR_CONNECT_TIMEOUT: 'did not accept a connection in time',
  UND_ERR_HEADERS_TIMEOUT: 'accepted the request but did not respond in time',
  UND_ERR_BODY_TIMEOUT: 'stopped in the middle of its response',
}

const UNTRUSTED = [
  'untrusted-certificate',
  'its certificate is signed by an authority that Lading doesn’t know',
] as const
const PLAIN_HTTP = ['no-tls', 'it doesn’t speak TLS on this port'] as const
const TLS: Readonly<Record<string, readonly [reason: RegistryErrorReason, words: string]>> = {
  DEPTH_ZERO_SELF_SIGNED_CERT: ['untrusted-certificate', 'its certificate is self-signed'],
  SELF_SIGNED_CERT_IN_CHAIN: UNTRUSTED,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: UNTRUSTED,
  UNABLE_TO_GET_ISSUER_CERT: UNTRUSTED,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: UNTRUSTED,
  CERT_UNTRUSTED: UNTRUSTED,
  CERT_REVOKED: ['untrusted-certificate', 'its certificate was revoked'],
  CERT_HAS_EXPIRED: ['certificate-dates', 'its certificate has expired'],
  CERT_NOT_YET_VALID: ['certificate-dates', 'its certificate isn’t valid yet'],
  ERR_TLS_CERT_ALTNAME_INVALID: ['certificate-name', 'its certificate is for another host name'],
  EPROTO: PLAIN_HTTP,
  ERR_SSL_WRONG_VERSION_NUMBER: PLAIN_HTTP,
  ERR_SSL_PACKET_LENGTH_TOO_LONG: PLAIN_HTTP,
}
/** What follows the host. */
const UNREACHABLE: Readonly<Record<string, string>> = {
  ENOTFOUND: 'is an unknown name (DNS)',
  EAI_AGAIN: 'couldn’t be resolved (DNS)',
  ECONNREFUSED: 'refuses connections',
  EHOSTUNREACH: 'can’t be reached: there is no route to it',
  ENETUNREACH: 'can’t be reached: its network is unreachable',
}

/**
 * The one translation of what undici, TLS and DNS throw into a RegistryError. An abort by the caller is passed on as
 * its reason.
 */
export function translateFailure(cause: unknown, host: string, signal?: AbortSignal): unknown {
  if (signal?.aborted) return signal.reason
  if (cause instanceof RegistryError) return cause
  // Most of its parser's errors have no code: an SSH server's banner, a line that isn’t a header, two framings at once.
  if (cause instanceof errors.HTTPParserError)
    return new RegistryError('malformed', `${host} doesn’t speak HTTP (${cause.message})`, { host }, { cause })
  const code = codeOf(cause)
  // Not from the network: a source stream that failed, or a bug.
  if (code === '') return cause
  const details = { host }
  if (code in TIMEOUT) return new RegistryError('timeout', `${host} ${TIMEOUT[code]}`, details, { cause })
  if (code in TLS || code.startsWith('ERR_TLS_') || code.startsWith('ERR_SSL_') || code.startsWith('CERT_')) {
    const [reason, words] = TLS[code] ?? [undefined, code]
    return new RegistryError('tls', `no secure connection to ${host}: ${words}`, { host, reason }, { cause })
  }
  if (RESET.has(code)) return new RegistryError('unreachable', `the connection to ${host} was lost`, details, { cause })
  if (code === 'UND_ERR_REQ_CONTENT_LENGTH_MISMATCH')
    return new RegistryError('size-mismatch', 'the content doesn’t have the announced size', details, { cause })
  if (code === 'UND_ERR_HEADERS_OVERFLOW' || code === 'UND_ERR_RES_CONTENT_LENGTH_MISMATCH')
    return new RegistryError('malformed', `${host} doesn’t speak HTTP (${code})`, details, { cause })
  return new RegistryError('unreachable', `${host} ${UNREACHABLE[code] ?? `can’t be reached: ${code}`}`, details, {
    cause,
  })
}

/** True when the connection broke under a request that may be sent again: the registry itself may be fine. */
export function wasReset(error: unknown): boolean {
  return error instanceof RegistryError && error.kind === 'unreachable' && RESET.has(codeOf(error.cause))
}

/** True when no connection was made at all: the sign that a host is down. */
export function neverConnected(error: unknown): boolean {
  if (!(error instanceof RegistryError) || (error.kind !== 'unreachable' && error.kind !== 'timeout')) return false
  const code = codeOf(error.cause)
  return code === 'ETIMEDOUT' || code === 'UND_ERR_CONNECT_TIMEOUT' || code in UNREACHABLE
}

function codeOf(error: unknown): string {
  if (!isRecord(error)) return ''
  if (typeof error.code === 'string') return error.code
  // With several addresses for a name, Node reports one error for each.
  const errors: unknown = error.errors
  return Array.isArray(errors) ? codeOf(errors[0]) : ''
}

import { errors } from 'undici'
import { isRecord } from '../../../oci/descriptor.ts'
import { RegistryError } from '../../errors.ts'

const RESET: ReadonlySet<string> = new Set(['ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET', 'ECONNABORTED'])
const TIMEOUT: Readonly<Record<string, string>> = {
  ETIMEDOUT: 'did not accept a connection in time',
  UND_ERR_CONNECT_TIMEOUT: 'did not accept a connection in time',
  UND_ERR_HEADERS_TIMEOUT: 'accepted the request but did not answer in time',
  UND_ERR_BODY_TIMEOUT: 'stopped in the middle of its answer',
}
const TLS: Readonly<Record<string, string>> = {
  DEPTH_ZERO_SELF_SIGNED_CERT: 'its certificate is signed by itself; configure its CA',
  SELF_SIGNED_CERT_IN_CHAIN: 'its certificate comes from an authority that is not known here; configure its CA',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'its certificate comes from an authority that is not known here; configure its CA',
  UNABLE_TO_GET_ISSUER_CERT: 'its certificate comes from an authority that is not known here; configure its CA',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'its certificate comes from an authority that is not known here; configure its CA',
  CERT_HAS_EXPIRED: 'its certificate has expired',
  CERT_NOT_YET_VALID: 'its certificate is not valid yet',
  CERT_REVOKED: 'its certificate was revoked',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for another host',
  EPROTO: 'it does not speak TLS on this port',
}
const UNREACHABLE: Readonly<Record<string, string>> = {
  ENOTFOUND: 'its name is not known (DNS)',
  EAI_AGAIN: 'its name could not be looked up (DNS)',
  ECONNREFUSED: 'it refuses connections',
  EHOSTUNREACH: 'there is no route to it',
  ENETUNREACH: 'there is no network to it',
}

/**
 * The one translation of what undici, TLS and DNS throw into a RegistryError. An abort by the caller is passed on as
 * its reason.
 */
export function translateFailure(cause: unknown, host: string, signal?: AbortSignal): unknown {
  if (signal?.aborted) return signal.reason
  if (cause instanceof RegistryError) return cause
  // Most of what its parser throws has no code: an SSH server's banner, a line that is no header, two framings at once.
  if (cause instanceof errors.HTTPParserError)
    return new RegistryError('malformed', `${host} does not answer in HTTP (${cause.message})`, { host }, { cause })
  const code = codeOf(cause)
  // Not from the network: a source stream that failed, or a bug.
  if (code === '') return cause
  const details = { host }
  if (code in TIMEOUT) return new RegistryError('timeout', `${host} ${TIMEOUT[code]}`, details, { cause })
  if (code in TLS || code.startsWith('ERR_TLS_') || code.startsWith('ERR_SSL_') || code.startsWith('CERT_'))
    return new RegistryError('tls', `no secure connection to ${host}: ${TLS[code] ?? code}`, details, { cause })
  if (RESET.has(code))
    return new RegistryError('unreachable', `the connection to ${host} ended in the middle`, details, { cause })
  if (code === 'UND_ERR_REQ_CONTENT_LENGTH_MISMATCH')
    return new RegistryError('size-mismatch', 'the content does not have the size that was announced', details, {
      cause,
    })
  if (code === 'UND_ERR_HEADERS_OVERFLOW' || code === 'UND_ERR_RES_CONTENT_LENGTH_MISMATCH')
    return new RegistryError('malformed', `${host} does not answer in HTTP (${code})`, details, { cause })
  return new RegistryError('unreachable', `${host} cannot be reached: ${UNREACHABLE[code] ?? code}`, details, { cause })
}

/** True when the connection broke under a request that may be sent again: nothing says that the registry is gone. */
export function wasReset(error: unknown): boolean {
  return error instanceof RegistryError && error.kind === 'unreachable' && RESET.has(codeOf(error.cause))
}

/** True when no connection came about at all: the sign that a host is down. */
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

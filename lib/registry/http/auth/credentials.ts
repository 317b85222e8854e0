import type { CallOptions } from '../../registry.ts'

/** Lading's credentials for a registry. Never logged, never part of a message. */
export type Credentials =
  | { readonly username: string; readonly password: string }
  /** An OAuth2 refresh token that `docker login` stored (`identitytoken`). */
  | { readonly identityToken: string; readonly username?: string }
  /** A ready bearer token (`registrytoken`). */
  | { readonly registryToken: string }

/** Finds the credentials for a host and port; `undefined` means anonymous. Asked again when they are refused. */
export type CredentialSource = (host: string, options?: CallOptions) => Promise<Credentials | undefined>

/** The value of an `Authorization` header for the Basic scheme (RFC 7617). */
export function basicAuthorization(username: string, password: string): string {
  return `Basic ${Buffer.from(`${username}:${password}`, 'utf8').toString('base64')}`
}

/** What nobody may read of an `Authorization` header, in any of its forms. */
export function secretsOf(authorization: string | undefined): string[] {
  const [scheme, value] = authorization?.split(' ') ?? []
  if (!value) return []
  if (scheme !== 'Basic') return [value]
  const login = Buffer.from(value, 'base64').toString()
  return [value, ...formsOf(login.slice(login.indexOf(':') + 1))]
}

/** A secret as it is, and as it is in a URL or a form. */
export function formsOf(secret: string): string[] {
  if (secret === '') return []
  return [secret, encodeURIComponent(secret), new URLSearchParams([[secret, '']]).toString().slice(0, -1)]
}

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

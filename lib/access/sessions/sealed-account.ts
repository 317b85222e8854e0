import { z } from 'zod'
import { seal, unseal } from './seal.ts'

/** A person's own user name and password, or token, for a registry. */
export interface AccountCredentials {
  readonly username: string
  readonly password: string
}

const schema = z.object({ username: z.string(), password: z.string() })

/** Encrypts credentials with a key of their session's own: another session can't be made to hold them. */
export function sealAccount({ username, password }: AccountCredentials, secret: string, session: string): string {
  return seal(JSON.stringify({ username, password }), secret, purposeOf(session))
}

/** @returns undefined for those of another session, or sealed with another secret */
export function unsealAccount(sealed: string, secret: string, session: string): AccountCredentials | undefined {
  const text = unseal(sealed, secret, purposeOf(session))
  return text === undefined ? undefined : schema.parse(JSON.parse(text))
}

function purposeOf(session: string): string {
  return `registry account of session ${session}`
}

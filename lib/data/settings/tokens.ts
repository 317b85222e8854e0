import 'server-only'
import { z } from 'zod'
import { AccessError } from '../../access/access-error.ts'
import type { Actor, UserActor } from '../../access/actor.ts'
import {
  type AccessToken,
  createAccessToken,
  listAccessTokens,
  revokeAccessToken,
  type TokenScope,
} from '../../access/sessions/access-tokens.ts'

export type { AccessToken, TokenScope }

export const newTokenInput = z.strictObject({
  name: z.string().trim().min(1, 'Give the token a name.').max(80, 'Use a name of at most 80 characters.'),
  scopes: z.array(z.enum(['read', 'audit'])).min(1, 'Choose what the token may read.'),
  days: z.union([z.literal(7), z.literal(30), z.literal(90), z.literal(365)]),
})

/** @returns the token itself, shown this once. @throws AccessError, StoreError */
export async function createToken(actor: Actor, input: z.output<typeof newTokenInput>): Promise<string> {
  return createAccessToken(signedIn(actor), input)
}

/** The actor's own. @throws AccessError, StoreError */
export async function listTokens(actor: Actor): Promise<AccessToken[]> {
  return listAccessTokens(signedIn(actor))
}

/** @throws AccessError, StoreError */
export async function revokeToken(actor: Actor, id: string): Promise<void> {
  await revokeAccessToken(signedIn(actor), id)
}

/** A token must not make others that outlive it. */
function signedIn(actor: Actor): UserActor {
  if (actor.kind !== 'user' || actor.only) throw new AccessError('sign-in')
  return actor
}

import 'server-only'
import { z } from 'zod'
import { AccessError } from '../../access/access-error.ts'
import type { Actor, UserActor } from '../../access/actor.ts'
import {
  type AccessToken,
  type AccessTokenScope,
  createAccessToken,
  listAccessTokens,
  revokeAccessToken,
} from '../../access/sessions/access-tokens.ts'
import { auditedStep } from '../audit/audited-step.ts'

export type { AccessToken, AccessTokenScope }

export const newTokenInput = z.strictObject({
  name: z.string().trim().min(1, 'Give the token a name.').max(80, 'Use a name of at most 80 characters.'),
  scopes: z.array(z.enum(['read', 'audit', 'labels'])).min(1, 'Choose what the token is for.'),
  days: z.union([z.literal(7), z.literal(30), z.literal(90), z.literal(365)]),
})

/** @returns the token itself, shown this once. @throws AccessError, AuditError, StoreError */
export async function createToken(actor: Actor, input: z.output<typeof newTokenInput>): Promise<string> {
  const owner = signedIn(actor)
  const { name, scopes, days } = input
  return auditedStep(actor, { action: 'create-token', detail: { what: name, scopes, days } }, () =>
    createAccessToken(owner, input),
  )
}

/** The actor's own. @throws AccessError, StoreError */
export async function listTokens(actor: Actor): Promise<AccessToken[]> {
  return listAccessTokens(signedIn(actor))
}

/** @throws AccessError, AuditError, StoreError */
export async function revokeToken(actor: Actor, id: string): Promise<void> {
  const owner = signedIn(actor)
  const token = (await listAccessTokens(owner)).find((each) => each.id === id)
  if (!token) return
  await auditedStep(actor, { action: 'revoke-token', detail: { what: token.name } }, () => revokeAccessToken(owner, id))
}

/** A token must not make others that outlive it. */
function signedIn(actor: Actor): UserActor {
  if (actor.kind !== 'user' || actor.only) throw new AccessError('sign-in')
  if (actor.account) throw new AccessError('account-token')
  return actor
}

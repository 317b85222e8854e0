import { z } from 'zod'
import type { OidcConfig } from '../../config/oidc-config.ts'

/** Somebody as their provider describes them. */
export interface Identity {
  /** The provider's own, which stays when the name changes. */
  readonly subject: string
  readonly username: string
  readonly groups: readonly string[]
}

/** Why the claims of a provider can't be used; the sign-in page has the words. */
export type IdentityProblem = 'NoName' | 'TooManyGroups' | 'UnverifiedEmail'

/** Some letters show nothing, such as the fillers of Hangul: a name with one looks like another's. */
const NAME = /^(?!.*\p{Default_Ignorable_Code_Point})[\p{L}\p{N}][\p{L}\p{N}._@+-]{0,127}$/u
const MOST_GROUPS = 20_000
const LONGEST_GROUP = 256

const claimsSchema = z.looseObject({ sub: z.string().min(1).max(255) })

/**
 * Reads the claims that the settings name. Names that only differ in how Unicode writes them are one name. Keycloak
 * writes groups as paths, `/platform`: the slash is dropped.
 */
export function identityOf(oidc: OidcConfig, claims: unknown): Identity | IdentityProblem {
  const parsed = claimsSchema.safeParse(claims)
  if (!parsed.success) return 'NoName'
  const name = parsed.data[oidc.usernameClaim]
  const username = typeof name === 'string' ? name.normalize('NFKC') : ''
  if (!NAME.test(username)) return 'NoName'
  if (oidc.usernameClaim === 'email' && isUnverified(parsed.data.email_verified)) return 'UnverifiedEmail'
  const groups = groupsOf(parsed.data[oidc.groupsClaim])
  if (groups.length > MOST_GROUPS) return 'TooManyGroups'
  return { subject: parsed.data.sub, username, groups }
}

/** People may enter any address at their provider before it is verified. Cognito sends text; Entra ID nothing. */
function isUnverified(claim: unknown): boolean {
  return claim === false || claim === 'false'
}

/** A list, or one name alone. Anything in it that isn't a name of usual length gives no right. */
function groupsOf(claim: unknown): readonly string[] {
  const all: readonly unknown[] = typeof claim === 'string' ? [claim] : Array.isArray(claim) ? claim : []
  const names = all.filter((group): group is string => typeof group === 'string' && group.length <= LONGEST_GROUP)
  return [...new Set(names.map((name) => name.replace(/^\//, '')).filter((name) => name !== ''))]
}

import type { Config } from '../config/config.ts'
import type { OidcConfig } from '../config/oidc-config.ts'
import { StoreError } from '../store/store-error.ts'
import { recordAccount } from './sign-in/accounts.ts'
import { type IdentityProblem, identityOf } from './sign-in/identity.ts'

/** Why somebody whom the provider knows is not signed in. */
export type Rejection = IdentityProblem | 'NameTaken' | 'Unavailable'

/**
 * Records somebody who comes from the provider. Nobody gets the rights of a user of the configuration, or of somebody
 * else at the provider, by having their name.
 * @returns true, or where next-auth leads instead
 */
export async function admit(config: Config, oidc: OidcConfig, claims: unknown): Promise<true | string> {
  const rejection = await rejectionOf(config, oidc, claims)
  return rejection === undefined || `${config.basePath}/sign-in?error=${rejection}`
}

async function rejectionOf(config: Config, oidc: OidcConfig, claims: unknown): Promise<Rejection | undefined> {
  const identity = identityOf(oidc, claims)
  if (typeof identity === 'string') return identity
  if (config.users.some(({ username }) => username === identity.username)) return 'NameTaken'
  try {
    return (await recordAccount(oidc.issuer, identity)) === 'name-taken' ? 'NameTaken' : undefined
  } catch (error) {
    if (error instanceof StoreError) return 'Unavailable'
    throw error
  }
}

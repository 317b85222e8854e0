import type { Config } from '../config/config.ts'
import type { OidcConfig } from '../config/oidc-config.ts'
import { StoreError } from '../store/store-error.ts'
import { tellAccessEvent } from './access-events.ts'
import { recordAccount } from './sign-in/accounts.ts'
import { type IdentityProblem, identityOf } from './sign-in/identity.ts'

/** Why a user whom the provider knows isn't signed in. */
export type Rejection = IdentityProblem | 'NameTaken' | 'Unavailable'

/**
 * Records a user who signs in through the provider. Having the name of a configured user, or of another account at the
 * provider, doesn't grant their rights.
 * @returns true, or where next-auth leads instead
 */
export async function admit(
  config: Config,
  oidc: OidcConfig,
  claims: unknown,
  address: string,
): Promise<true | string> {
  const rejection = await rejectionOf(config, oidc, claims)
  const identity = identityOf(oidc, claims)
  const event = { username: typeof identity === 'string' ? '' : identity.username, address, by: oidc.name }
  if (rejection === undefined) await tellAccessEvent({ ...event, kind: 'sign-in' })
  // A name that is taken here is somebody else's: the attempt is not theirs.
  else await tellAccessEvent({ ...event, username: '', kind: 'sign-in-failed', reason: `sign-in.${rejection}` })
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

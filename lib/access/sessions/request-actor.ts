import 'server-only'
import { config } from '../../config/config.ts'
import { AccessError } from '../access-error.ts'
import type { Actor } from '../actor.ts'
import { clientAddress } from '../connection.ts'
import { RIGHTS } from '../rights.ts'
import { actorOfToken, sentAccessToken } from './access-tokens.ts'
import { currentActor } from './session.ts'

/**
 * The sender of a request to a route below /api: from an access token, or else from the session. A token that isn't
 * valid is an error, not a visitor: a script must not mistake what visitors can see for everything.
 * @throws AccessError `token`, StoreError
 */
export async function requestActor({ method, headers }: Pick<Request, 'method' | 'headers'>): Promise<Actor> {
  const token = sentAccessToken(headers)
  if (token === undefined) return currentActor()
  const actor = await actorOfToken(config(), token, clientAddress(headers, config().trustedProxies))
  const changes = method !== 'GET' && method !== 'HEAD'
  if (changes && !actor.only?.some((verb) => RIGHTS[verb].changes)) throw new AccessError('token')
  return actor
}

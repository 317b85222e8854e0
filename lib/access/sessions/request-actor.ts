import 'server-only'
import { config } from '../../config/config.ts'
import { AccessError } from '../access-error.ts'
import type { Actor } from '../actor.ts'
import { actorOfToken, sentAccessToken } from './access-tokens.ts'
import { currentActor } from './session.ts'

/**
 * Who sends a request to a route below /api: by an access token, or else by the session. A token that isn't valid is an
 * error, not a visitor: a script must not take what anyone may see for everything there is.
 * @throws AccessError `token`, StoreError
 */
export async function requestActor({ method, headers }: Pick<Request, 'method' | 'headers'>): Promise<Actor> {
  const token = sentAccessToken(headers)
  if (token === undefined) return currentActor()
  if (method !== 'GET' && method !== 'HEAD') throw new AccessError('token')
  return actorOfToken(config(), token)
}

import 'server-only'
import { config } from '../../config/config.ts'
import { AccessError } from '../access-error.ts'
import type { Actor } from '../actor.ts'
import { clientAddress } from '../connection.ts'
import { RIGHTS } from '../rights.ts'
import { actorOfToken, sentAccessToken } from './access-tokens.ts'
import { currentSender } from './session.ts'

/** Who has sent a request, with their rights then. */
export interface Sender {
  readonly actor: Actor
  /** With the rights they have by now, as long as the request lasts. @throws AccessError `token`, StoreError */
  readonly again: () => Promise<Actor>
}

/**
 * The sender of a request to a route below /api: from an access token, or else from the session. A token that isn't
 * valid is an error, not a visitor: a script must not mistake what visitors can see for everything.
 * @throws AccessError `token`, StoreError
 */
export async function requestSender({ method, headers }: Pick<Request, 'method' | 'headers'>): Promise<Sender> {
  const token = sentAccessToken(headers)
  if (token === undefined) return currentSender()
  const address = clientAddress(headers, config().trustedProxies)
  const again = () => actorOfToken(config(), token, address)
  const actor = await again()
  const changes = method !== 'GET' && method !== 'HEAD'
  if (changes && !actor.only?.some((verb) => RIGHTS[verb].changes)) throw new AccessError('token')
  return { actor, again }
}

import { accountActor, type UserActor } from '../../access/actor.ts'
import { holdAccount } from '../../access/sessions/held-accounts.ts'
import { beginAccountSession } from '../../access/sessions/session-token.ts'
import { config } from '../../config/config.ts'

const SECRET = 'a secret of forty characters for the tests'

/** Somebody who has signed in with their account of a registry, as a request of theirs makes them. */
export async function signedInWith(
  registry: string,
  credentials: { readonly username: string; readonly password: string },
): Promise<UserActor> {
  const token = await beginAccountSession(config(), registry, credentials, SECRET)
  const held = holdAccount(token, SECRET)
  if (!held) throw new Error('The credentials could not be decrypted')
  return accountActor(config(), held.name, held, 'none')
}

import 'server-only'
import { headers } from 'next/headers'
import { redirect } from 'next/navigation'
import type { Actor } from '../access/actor.ts'
import { allows } from '../access/authorize.ts'
import { currentActor } from '../access/sessions/session.ts'
import { homeHref, signInHref } from '../routes/href.ts'
import { PATH_HEADER } from '../routes/path-header.ts'
import { ownTurn } from './page-turn.ts'

/** The actor reading a page. Visitors who must sign in first are redirected, and return to the same page. */
export async function visitor(): Promise<Actor> {
  await ownTurn()
  const actor = await currentActor()
  if (actor.kind === 'anonymous' && !allows(actor, 'browse', {}))
    redirect(signInHref((await headers()).get(PATH_HEADER) ?? homeHref))
  return actor
}

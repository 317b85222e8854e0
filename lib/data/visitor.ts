import 'server-only'
import { headers } from 'next/headers'
import { redirect } from 'next/navigation'
import type { Actor } from '../access/actor.ts'
import { allows } from '../access/authorize.ts'
import { currentActor } from '../access/sessions/session.ts'
import { homeHref, signInHref } from '../routes/href.ts'
import { PATH_HEADER } from '../routes/path-header.ts'

/** Who looks at a page. Visitors who must sign in first are sent to do so, and come back to the page as it was. */
export async function visitor(): Promise<Actor> {
  const actor = await currentActor()
  if (actor.kind === 'anonymous' && !allows(actor, 'browse', {}))
    redirect(signInHref((await headers()).get(PATH_HEADER) ?? homeHref))
  return actor
}

import 'server-only'
import { redirect } from 'next/navigation'
import type { Actor } from '../access/actor.ts'
import { allows } from '../access/authorize.ts'
import { currentActor } from '../access/session.ts'
import { signInHref } from '../routes/href.ts'

/** Who looks at a page. Those who may see nothing before they sign in are sent to do so, and come back to `path` after. */
export async function visitor(path: string): Promise<Actor> {
  const actor = await currentActor()
  if (actor.kind === 'anonymous' && !allows(actor, 'browse', {})) redirect(signInHref(path))
  return actor
}

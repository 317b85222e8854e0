import 'server-only'
import { AccessError } from '../../access/access-error.ts'
import type { Actor } from '../../access/actor.ts'
import { processWide } from '../../config/process-wide.ts'
import { OneByOne } from '../../registry/one-by-one.ts'
import { ownerOf } from '../jobs/job-owner.ts'

/** Plans that one person can ask for before the first of them is made. */
const MOST = 10

/**
 * Makes the plans of one person one after another: each holds what is known of a whole repository while it is made.
 * @throws AccessError `too-many`
 */
export function inPlanTurn<Input>(
  make: (actor: Actor, input: Input) => Promise<string>,
): (actor: Actor, input: Input) => Promise<string> {
  return async (actor, input) => {
    const turns = processWide('plan-turns', () => new OneByOne())
    const owner = ownerOf(actor)
    if (turns.count(owner) >= MOST) throw new AccessError('too-many')
    return turns.run(owner, () => make(actor, input))
  }
}

import 'server-only'
import type { ZodType } from 'zod'
import { AccessError } from '@/lib/access/access-error'
import type { Actor } from '@/lib/access/actor'
import { actionLimit } from '@/lib/access/request-limit'
import { assertOwnPage, currentActor, currentAddress, hasSentSession } from '@/lib/access/sessions/session'
import { fromRequest } from '@/lib/data/from-request'
import { once } from '@/lib/data/once'
import { isAbsence } from '@/lib/problem/access-problem'
import { type Attempt, attempt } from '@/lib/problem/attempt'
import { inputProblem, problemOf } from '@/lib/problem/problem-of'
import { readKeyedInput } from '@/lib/routes/keyed-input'

/**
 * The frame of every server action: refuses other origins, parses, identifies the actor, limits their rate, does what is
 * sent twice with one key once, and returns failures instead of throwing them.
 */
export async function act<Input, Output>(
  schema: ZodType<Input>,
  input: unknown,
  work: (actor: Actor, input: Input) => Promise<Output>,
): Promise<Attempt<Output>> {
  const { key, input: given } = readKeyedInput(input)
  const parsed = schema.safeParse(given)
  if (!parsed.success) return { ok: false, problem: inputProblem(parsed.error.issues.map((issue) => issue.message)) }
  const actor = await currentActor()
  const admitted = await attempt(() => fromRequest(actor, () => admit(actor)), actor)
  if (!admitted.ok) return admitted
  const run = async () => {
    const done = await attempt(() => fromRequest(actor, () => work(actor, parsed.data)), actor)
    return !done.ok && isAbsence(done.problem) && (await hasLostSession(actor)) ? SESSION_ENDED : done
  }
  if (key === undefined) return run()
  return once({ key, actor, address: await currentAddress(), input: given }, run)
}

/** Before a key is looked at: another site must neither learn its answer nor take it, and keys take space. @throws AccessError */
async function admit(actor: Actor): Promise<void> {
  await assertOwnPage()
  actionLimit().take(actor, await currentAddress())
}

const SESSION_ENDED = { ok: false, problem: problemOf(new AccessError('session-ended')) } as const

/** Their page was rendered for somebody signed in: to them, what only that person can see isn't absent. */
async function hasLostSession({ kind }: Actor): Promise<boolean> {
  return kind === 'anonymous' && (await hasSentSession())
}

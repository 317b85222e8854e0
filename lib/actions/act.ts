import 'server-only'
import type { ZodType } from 'zod'
import { AccessError } from '@/lib/access/access-error'
import type { Actor } from '@/lib/access/actor'
import { actionLimit } from '@/lib/access/request-limit'
import { assertOwnPage, currentActor, currentAddress, hasSentSession, isOwnPage } from '@/lib/access/sessions/session'
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
  const checked = async () => {
    await assertOwnPage()
    actionLimit().take(actor, await currentAddress())
    return work(actor, parsed.data)
  }
  const run = async () => {
    const done = await attempt(() => fromRequest(actor, checked), actor)
    return !done.ok && isAbsence(done.problem) && (await hasLostSession(actor)) ? SESSION_ENDED : done
  }
  if (key === undefined) return run()
  // Another site must not learn an answer, nor take a key.
  if (!(await isOwnPage())) return run()
  return once({ key, actor, address: await currentAddress(), input: given }, run)
}

const SESSION_ENDED = { ok: false, problem: problemOf(new AccessError('session-ended')) } as const

/** Their page was rendered for somebody signed in: to them, what only that person can see isn't absent. */
async function hasLostSession({ kind }: Actor): Promise<boolean> {
  return kind === 'anonymous' && (await hasSentSession())
}

import 'server-only'
import type { ZodType } from 'zod'
import type { Actor } from '@/lib/access/actor'
import { actionLimit } from '@/lib/access/request-limit'
import { assertOwnPage, currentActor, currentAddress } from '@/lib/access/sessions/session'
import { fromRequest } from '@/lib/data/from-request'
import { type Attempt, attempt } from '@/lib/problem/attempt'
import { inputProblem } from '@/lib/problem/problem-of'

/**
 * The frame of every server action: refuses other origins, parses, identifies the actor, limits their rate, and
 * returns failures instead of throwing them.
 */
export async function act<Input, Output>(
  schema: ZodType<Input>,
  input: unknown,
  work: (actor: Actor, input: Input) => Promise<Output>,
): Promise<Attempt<Output>> {
  const parsed = schema.safeParse(input)
  if (!parsed.success) return { ok: false, problem: inputProblem(parsed.error.issues.map((issue) => issue.message)) }
  return attempt(async () => {
    await assertOwnPage()
    const actor = await currentActor()
    actionLimit().take(actor, await currentAddress())
    return fromRequest(() => work(actor, parsed.data))
  })
}

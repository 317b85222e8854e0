import 'server-only'
import type { z } from 'zod'
import type { Actor } from '../../access/actor.ts'
import { retag } from '../../image/copy/retag.ts'
import { digest, override, placeInput, selector, tag } from '../input.ts'
import { change } from './change.ts'

export const retagInput = placeInput.extend({
  from: selector,
  to: tag,
  /** What `to` pointed at when the user confirmed; `null`: it did not exist. */
  expect: digest.nullable(),
  override,
})

export interface RetagResult {
  readonly digest: string
  readonly unchanged: boolean
  /** Identifies the tag's old target for `undoChange`; absent if it had none, or if the actor can't restore. */
  readonly undo?: string
}

/** @throws RegistryError `conflict`, AccessError: overwriting is a right of its own */
export async function retagImage(
  actor: Actor,
  { from, to, expect, override: reason, ...place }: z.output<typeof retagInput>,
  plan?: string,
): Promise<RetagResult> {
  const verb = expect === null ? 'create-tag' : 'overwrite-tag'
  const { result, undo } = await change(
    actor,
    verb,
    { ...place, tag: to, reason, plan, audit: { before: expect ?? undefined } },
    async ({ repository, keep, note }) => {
      const overwritten = expect && (await keep.tag(repository, to, expect))
      const { digest, unchanged } = await retag(repository, { from, to, expect })
      await overwritten?.(digest)
      note({ ...(expect && { before: expect }), after: digest })
      return { digest, unchanged: unchanged === true }
    },
  )
  return { ...result, ...(undo && { undo }) }
}

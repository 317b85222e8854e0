import 'server-only'
import { z } from 'zod'
import type { Actor } from '../../access/actor.ts'
import { deleteTag } from '../../image/delete/delete.ts'
import { sentence } from '../../problem/sentence.ts'
import type { Gate } from '../../registry/concurrent.ts'
import { digest, override, placeInput, tag } from '../input.ts'
import { change } from './change.ts'
import type { DeletionResult } from './deletion-result.ts'
import { shownTags, tagsShown } from './shown-tags.ts'

export const deleteTagInput = placeInput.extend({
  tag,
  expect: digest,
  /** The other tags that were shown on the digest: each is checked afterwards. A fingerprint is of all of them. */
  siblings: shownTags,
  strategy: z.enum(['allow-replace', 'allow-empty']),
  override,
})

/**
 * Deletes one tag, in the way that the preview or an earlier refusal named.
 * @param part the plan that it is part of, whose run checks every tag at its end and bounds the requests
 * @throws RegistryError `conflict`, AccessError
 */
export async function removeTag(
  actor: Actor,
  { tag, expect, siblings: shown, strategy, override: reason, ...place }: z.output<typeof deleteTagInput>,
  { plan, gate }: { readonly plan?: string; readonly gate?: Gate } = {},
): Promise<DeletionResult> {
  const siblings = (await tagsShown(actor, place, expect, shown)).filter((sibling) => sibling !== tag)
  const target = {
    ...place,
    tag,
    reason,
    plan,
    audit: { before: expect, detail: { siblings: siblings.slice(0, plan === undefined ? 1_000 : 20) } },
  }
  const { result: report, undo } = await change(actor, 'delete', target, ({ repository, keep }) => {
    const options = { expect, siblings, strategy, isOneOfMany: plan !== undefined, journal: keep } as const
    const remove = () => deleteTag(repository, tag, options)
    return gate ? gate(remove) : remove()
  })
  const { result, verified, problems } = report
  const putBack =
    result.outcome === 'deleted' && result.putBack && result.putBack.length > 0 ? result.putBack : undefined
  const found = { outcome: result.outcome, verified, problems, ...(putBack && { putBack }) }
  if (!('reason' in result)) return { ...found, ...(undo && { undo }) }
  return { ...found, reason: sentence(result.reason), ...('further' in result && { further: result.further }) }
}

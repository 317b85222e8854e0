import 'server-only'
import { z } from 'zod'
import type { Actor } from '../../access/actor.ts'
import { attempt } from '../../problem/attempt.ts'
import type { Problem } from '../../problem/problem.ts'
import { type UndoneChange, undoChange, undoInput } from '../changes/undo.ts'

export const restoreManyInput = z.strictObject({ changes: z.array(undoInput).min(1).max(100).readonly() })

/** The outcome of each, in the order of the input. */
export type RestoredOne =
  | ({ readonly change: string; readonly ok: true } & Pick<UndoneChange, 'tags' | 'left'>)
  | { readonly change: string; readonly ok: false; readonly problem: Problem }

/** Restores each on its own: one that can't be restored doesn't affect the others. @throws AccessError */
export async function restoreMany(
  actor: Actor,
  { changes }: z.output<typeof restoreManyInput>,
): Promise<readonly RestoredOne[]> {
  const outcomes = new Map<string, RestoredOne>()
  // An index needs what it lists, which may be among the others: what was missing then is there in a later round.
  for (let restored = -1; restored < countRestored(outcomes); ) {
    restored = countRestored(outcomes)
    for (const input of changes) {
      const before = outcomes.get(input.change)
      if (before && (before.ok || before.problem.code !== MISSING)) continue
      const result = await attempt(() => undoChange(actor, input))
      const { change } = input
      outcomes.set(
        change,
        result.ok
          ? { change, ok: true, tags: result.value.tags, left: result.value.left }
          : { change, ok: false, problem: result.problem },
      )
    }
  }
  return changes.flatMap(({ change }) => outcomes.get(change) ?? [])
}

function countRestored(outcomes: ReadonlyMap<string, RestoredOne>): number {
  return [...outcomes.values()].filter(({ ok }) => ok).length
}

const MISSING = 'registry.missing-content'

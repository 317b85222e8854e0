import 'server-only'
import { digestAt } from '../../image/graph/digest-at.ts'
import { parseDigest } from '../../oci/digest.ts'
import { parseTag } from '../../oci/reference.ts'
import type { Repository } from '../../registry/registry.ts'
import type { JournalledChange } from '../../store/change-journal.ts'
import { TAKEN_AWAY } from '../../store/trash.ts'
import { changeJournal } from '../changes/change-journal.ts'
import type { Plan, PlanItem } from './plan.ts'
import { recordOutcome, waitAgain } from './plan-store.ts'

/**
 * When the process ends in the middle of a run, some items are deleted in the registry and not yet noted in the plan:
 * the journal of changes knows them, and how to restore them. Items that other plans have deleted stay theirs.
 * @param items those that the run is to process
 */
export async function adoptFinished(plan: Plan, opened: Repository, items: readonly PlanItem[]): Promise<void> {
  const { registry, repository, startedAt } = plan
  if (!startedAt) return
  const entries = (await changeJournal().entries({ place: { registry, repository }, since: startedAt })).filter(
    ({ record, outcome, isRestored, plan: of }) =>
      of === plan.id && TAKEN_AWAY.includes(outcome ?? '') && !isRestored && !('replacement' in record),
  )
  if (entries.length === 0) return
  const byDigest = Map.groupBy(entries, ({ record }) => record.digest as string)
  for (const item of items) {
    const found = (byDigest.get(item.digest ?? '') ?? []).filter(({ id }) => !item.undo.includes(id))
    if (item.kind === 'image' && item.tags.length === 0 && found.length > 0) {
      if (!(await digestAt(opened, parseDigest(item.digest))))
        await recordOutcome(plan.id, item.position, resultOf(item, [], found))
      continue
    }
    const tags = [...new Set(found.flatMap(tagsOf))].filter(
      (tag) => item.tags.includes(tag) && !item.removed.includes(tag),
    )
    if (tags.length === 0) continue
    const now = await Promise.all(tags.map((tag) => digestAt(opened, parseTag(tag))))
    // Pushed again since: left to the run.
    if (now.some((digest) => digest === parseDigest(item.digest))) continue
    const result = resultOf(item, tags, found)
    await recordOutcome(plan.id, item.position, result)
    // The run continues with the remaining tags.
    if (result.outcome === 'partly' && item.outcome === undefined) await waitAgain(plan.id, item.position)
  }
}

function resultOf(item: PlanItem, tags: readonly string[], found: readonly JournalledChange[]) {
  const removed = [...item.removed, ...tags]
  const undo = [...item.undo, ...found.map(({ id }) => id)]
  const isWhole = item.tags.every((tag) => removed.includes(tag))
  const outcome = item.kind === 'image' ? 'deleted' : isWhole ? 'untagged' : 'partly'
  return { outcome, removed, undo, detail: 'Finished by a run that was interrupted.' } as const
}

function tagsOf({ record }: JournalledChange): readonly string[] {
  return 'tags' in record ? record.tags : [record.tag]
}

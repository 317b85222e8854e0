import 'server-only'
import { digestAt } from '../../image/graph/digest-at.ts'
import { parseDigest } from '../../oci/digest.ts'
import { parseTag } from '../../oci/reference.ts'
import { mapConcurrent } from '../../registry/concurrent.ts'
import type { Repository } from '../../registry/registry.ts'
import type { JournalledChange } from '../../store/change-journal.ts'
import { TAKEN_AWAY } from '../../store/trash.ts'
import { changeJournal } from '../changes/change-journal.ts'
import type { Plan, PlanItem } from './plan.ts'
import { type ItemResult, recordOutcome } from './record-outcome.ts'

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
    const now = await mapConcurrent(tags, (tag) => digestAt(opened, parseTag(tag)))
    // Pushed again since: left to the run.
    const gone = new Set(tags.filter((_, i) => now[i] !== parseDigest(item.digest)))
    if (gone.size === 0 || (item.kind === 'image' && gone.size < tags.length)) continue
    const own = found.filter((entry) => tagsOf(entry).some((tag) => gone.has(tag)))
    await recordOutcome(plan.id, item.position, resultOf(item, [...gone], own))
  }
}

function resultOf(item: PlanItem, tags: readonly string[], found: readonly JournalledChange[]): ItemResult {
  const removed = [...new Set([...item.removed, ...tags])]
  const undo = [...item.undo, ...found.map(({ id }) => id)]
  const isWhole = item.kind === 'image' || removed.length === item.tags.length
  // The run continues with the remaining tags.
  if (!isWhole && item.outcome === undefined) return { outcome: 'waiting', removed, undo }
  const outcome = item.kind === 'image' ? 'deleted' : isWhole ? 'untagged' : 'partly'
  return { outcome, removed, undo, detail: 'Finished by a run that was interrupted.' }
}

function tagsOf({ record }: JournalledChange): readonly string[] {
  return 'tags' in record ? record.tags : [record.tag]
}

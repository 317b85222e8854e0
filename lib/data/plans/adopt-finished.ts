import 'server-only'
import { digestAt } from '../../image/graph/digest-at.ts'
import { parseDigest } from '../../oci/digest.ts'
import { parseTag } from '../../oci/reference.ts'
import type { JournalledChange } from '../../store/file-journal.ts'
import { changeJournal } from '../changes/change-journal.ts'
import { openForServer } from '../registries/open.ts'
import type { Plan, PlanItem } from './plan.ts'
import { recordOutcome, resetFailed, waitingItems } from './plan-store.ts'

/** Endings after which the tags are gone. */
const GONE = new Set(['deleted', 'replaced-then-deleted', 'finished'])

/**
 * When the process ends in the middle of a run, some items are deleted in the registry and not yet noted in the plan:
 * the journal of changes knows them, and how to put them back.
 */
export async function adoptFinished(plan: Plan): Promise<void> {
  const { registry, repository, startedAt } = plan
  if (!startedAt) return
  const opened = openForServer({ registry, repository })
  const entries = (await changeJournal().entries()).filter(
    ({ began, record, outcome }) =>
      began >= startedAt &&
      GONE.has(outcome ?? '') &&
      record.registry === registry &&
      record.repository === repository &&
      !('replacement' in record),
  )
  if (!opened || entries.length === 0) return
  const byDigest = Map.groupBy(entries, ({ record }) => record.digest as string)
  for (const item of await waitingItems(plan.id)) {
    const found = (byDigest.get(item.digest ?? '') ?? []).filter(({ id }) => !item.undo.includes(id))
    const tags = [...new Set(found.flatMap(tagsOf))].filter(
      (tag) => item.tags.includes(tag) && !item.removed.includes(tag),
    )
    if (tags.length === 0) continue
    const now = await Promise.all(tags.map((tag) => digestAt(opened, parseTag(tag))))
    // Pushed again since: for the run to look at.
    if (now.some((digest) => digest === parseDigest(item.digest))) continue
    const result = resultOf(item, tags, found)
    await recordOutcome(plan.id, item.position, result)
    // The run goes on with the tags that are left.
    if (result.outcome === 'partly') await resetFailed(plan.id, item.position)
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

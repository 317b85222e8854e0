import { plural } from '../../format/bytes.ts'
import { deletes } from '../../format/plan-unit.ts'
import { TagWatch } from '../../image/delete/tag-watch.ts'
import type { Digest } from '../../oci/digest.ts'
import { isIndexType } from '../../oci/media-type.ts'
import { barePlace } from '../../oci/place.ts'
import type { Problem } from '../../problem/problem.ts'
import { problemOf } from '../../problem/problem-of.ts'
import { gate } from '../../registry/concurrent.ts'
import { openRepository } from '../registries/open.ts'
import { adoptFinished } from './adopt-finished.ts'
import { checkItem } from './check-item.ts'
import { deleteItem } from './delete-item.ts'
import { UntaggedDeletion } from './delete-untagged.ts'
import { innerFirst, inOrder, outerFirst } from './item-order.ts'
import { labelItem } from './label-item.ts'
import type { Plan, PlanItem } from './plan.ts'
import { failedItems, readCounts, readItems, skipItem, undoableItems, waitingItems } from './plan-items.ts'
import { setChecked, setPlan } from './plan-store.ts'
import { recordOutcome } from './record-outcome.ts'
import { restoreItem } from './restore-item.ts'
import { retagItem } from './retag-item.ts'
import { keepResult, type Run, runItems } from './run-items.ts'
import { verifyRun } from './verify-run.ts'

function itemsOf({ plan, retry }: Run): Promise<PlanItem[]> {
  return retry ? failedItems(plan.id, retry.position) : waitingItems(plan.id)
}

async function deleteAll(run: Run): Promise<void> {
  const { plan, actor } = run
  const place = barePlace(plan)
  const repository = openRepository(actor, 'browse', place)
  await adoptFinished(plan, repository, await itemsOf(run))
  const watch = new TagWatch(repository)
  const items = await itemsOf(run)
  await watch.refresh()
  const before = watch.digests()
  const deleting = {
    watch,
    gate: gate(),
    going: imagesOf([...(await waitingItems(plan.id)), ...(await failedItems(plan.id))]),
  }
  await runItems(run, items, 'running', {
    before: () => watch.refresh(),
    verify: () => verifyRun(plan.id, repository, before),
    rank: outerFirst(watch),
    each: async (item, turn) => {
      const result = await deleteItem(run.actor, plan, deleting, item, turn)
      // Its platforms come after it, and are kept with it.
      if (result.outcome === 'moved') deleting.going.delete(item.digest ?? '')
      return keepResult(run, item, result)
    },
    end: 'finished',
  })
}

/** Digests of images that are deleted with all their tags. */
function imagesOf(items: readonly PlanItem[]): Set<string> {
  return new Set(items.flatMap(({ kind, digest }) => (kind === 'image' && digest ? [digest] : [])))
}

/** Adds and moves the tags. Each is written on its own, so that none depends on another. */
async function retagAll(run: Run): Promise<void> {
  const { plan, actor } = run
  const repository = openRepository(actor, 'browse', barePlace(plan))
  const watch = new TagWatch(repository)
  await watch.refresh()
  const before = watch.digests()
  await runItems(run, await itemsOf(run), 'running', {
    verify: () => verifyRun(plan.id, repository, before),
    each: async (item) => keepResult(run, item, await retagItem(run.actor, plan, item)),
    end: 'finished',
  })
}

/** Adds the label to each image. Tags don’t change, so nothing needs verification. */
async function labelAll(run: Run): Promise<void> {
  const { plan, actor } = run
  const watch = new TagWatch(openRepository(actor, 'browse', barePlace(plan)))
  await runItems(run, await itemsOf(run), 'running', {
    before: () => watch.refresh(),
    each: async (item) => keepResult(run, item, await labelItem(run.actor, plan, watch, item)),
    end: 'finished',
  })
}

/** Deletes images without a tag, and verifies that every tag is where it was. */
async function deleteUntagged(run: Run): Promise<void> {
  const { plan, actor } = run
  const repository = openRepository(actor, 'browse', barePlace(plan))
  await adoptFinished(plan, repository, await itemsOf(run))
  const watch = new TagWatch(repository)
  await watch.refresh()
  const before = watch.digests()
  const deletion = new UntaggedDeletion(plan, repository, watch)
  await deletion.prepare(await readItems(plan.id, { filter: 'all' }))
  await runItems(run, await itemsOf(run), 'running', {
    before: () => watch.refresh(),
    verify: () => verifyRun(plan.id, repository, before),
    rank: ({ mediaType = '' }) => (isIndexType(mediaType) ? 0 : 1),
    each: async (item) => keepResult(run, item, await deletion.delete(run.actor, item)),
    end: 'finished',
  })
}

/** Undoes everything the plan has changed. */
export async function undo(run: Run): Promise<void> {
  const { plan, actor } = run
  const place = barePlace(plan)
  // Of what was interrupted, some may be deleted and not noted.
  const unsure = [...(await waitingItems(plan.id)), ...(await failedItems(plan.id))]
  await adoptFinished(plan, openRepository(actor, 'browse', place), unsure)
  const stayed = new Map<number, Set<string>>()
  const served = new Set<Digest>()
  const items = await undoableItems(plan.id)
  await runItems(run, items, 'undoing', {
    before: async () => served.clear(),
    rank: await innerFirst(items),
    each: async (item, turn) => {
      const left = stayed.get(item.position) ?? new Set()
      stayed.set(item.position, left)
      const { outcome, ...result } = await restoreItem(run.actor, place, item, turn, { stayed: left, served })
      await recordOutcome(plan.id, item.position, { outcome, ...result })
      const isWaiting = result.undo.length > 0 && result.detail === undefined
      return isWaiting ? { ...item, ...result } : result.undo.length === 0
    },
    end: 'undone',
    leftOver: async () => {
      const { images } = (await readCounts(plan.id)).undoable
      return images === 0 ? undefined : undoIncomplete(images)
    },
  })
}

function undoIncomplete(images: number): Problem {
  return {
    code: 'plan.undo-incomplete',
    title: 'Not everything was restored',
    detail: `${plural(images, 'image')} couldn’t be restored. The list says why.`,
    advice: 'Undo again once the reason is gone.',
  }
}

/** The dry run: all the deletion's checks, and no writes. Items that have changed are skipped from now on. */
export async function check({ plan, actor, context }: Pick<Run, 'plan' | 'actor' | 'context'>): Promise<void> {
  const end = (problem: Problem | null) => setPlan(plan.id, ['checking'], { state: 'draft', problem })
  try {
    const repository = openRepository(actor, 'browse', barePlace(plan))
    const watch = new TagWatch(repository)
    const { signal } = context
    await Promise.all([
      watch.refresh({ signal }),
      // Remembered for the plan's page: see `knownRefusal`.
      deletes(plan.work) && repository.deletes({ signal, probe: !actor.readOnly }).catch(() => {}),
    ])
    const items = inOrder(await waitingItems(plan.id), outerFirst(watch))
    const going = imagesOf(items)
    // The platforms of an index that is skipped are skipped after it.
    for (const [index, item] of items.entries()) {
      const reason = checkItem(watch, item, going)
      if (reason) {
        await skipItem(plan.id, item.position, reason)
        going.delete(item.digest ?? '')
      }
      context.report({ done: index + 1, total: items.length, counts: {} })
    }
    await setChecked(plan.id)
    await end(null)
  } catch (error) {
    await end(problemOf(error))
  }
}

/** How a plan is run, by what it does. */
export const RUNS: Readonly<Record<Plan['work'], (run: Run) => Promise<void>>> = {
  delete: deleteAll,
  retag: retagAll,
  label: labelAll,
  untagged: deleteUntagged,
}

'use client'

import { Fragment, startTransition, useOptimistic } from 'react'
import { ProblemNotice } from '@/components/ui/problem-notice'
import { TableFrame, TableGroup, TableRow } from '@/components/ui/table'
import type { ItemKind } from '@/lib/data/plans/plan'
import type { PlanPage } from '@/lib/data/plans/read-plan'
import { plural } from '@/lib/format/bytes'
import { planCount, planUnit } from '@/lib/format/plan-unit'
import { retryPlanMutation } from '@/lib/query/plans'
import { problemFrom } from '@/lib/query/unwrap'
import type { PlanPageState } from '@/lib/routes/plan-page-query'
import { planColumns } from './plan-columns'
import { PlanListHead } from './plan-list-head'
import { usePlanMutation, type useTick } from './use-plan-mutation'

interface PlanItemsProps {
  page: PlanPage
  state: PlanPageState
  /** Selects and deselects; the footer says what went wrong, in view from every row. */
  tick: ReturnType<typeof useTick>
}

/** The items of a plan; before it runs in groups, by what is to happen to them. */
export function PlanItems({ page, state, tick }: PlanItemsProps) {
  const { plan, items, may } = page
  const isDraft = plan.state === 'draft'
  const isPlan = plan.startedAt === undefined
  const retry = usePlanMutation(plan.id, retryPlanMutation())
  const isStopped = plan.state === 'finished' || plan.state === 'cancelled' || plan.state === 'paused'
  // At once, and for every box clicked until all are saved: one that stays as it was looks dead.
  const [shown, showTicks] = useOptimistic(items, withTicks)
  const tickBoxes = (positions: readonly number[], ticked: boolean) =>
    startTransition(async () => {
      showTicks({ positions, ticked })
      await tick.mutateAsync({ id: plan.id, positions, ticked }).catch(() => {})
    })
  const rows = state.by === 'tag' ? shown.flatMap(tagRows) : shown
  const columns = planColumns({
    page: { ...page, items: shown },
    onRetry:
      isStopped && may.run && !retry.isPending ? (position) => retry.mutate({ id: plan.id, position }) : undefined,
    onTick: isDraft && may.run ? tickBoxes : undefined,
  })
  return (
    <>
      <PlanListHead page={page} state={state} />
      <TableFrame
        name={`plan-${columns.map(({ id }) => id).join('-')}`}
        caption="Items of the plan"
        columns={columns}
        isText
        footer={
          rows.length === 0 && (
            <p className="px-4 py-8 text-center text-sm text-muted">Nothing in this part of the plan.</p>
          )
        }
      >
        {rows.map((item, index) => (
          <Fragment key={`${item.position} ${state.by === 'tag' ? item.tags[0] : ''}`}>
            {isPlan && item.kind !== rows[index - 1]?.kind && (
              <TableGroup columns={columns.length}>{groupTitle(item.kind, page)}</TableGroup>
            )}
            <TableRow columns={columns} row={item} />
          </Fragment>
        ))}
      </TableFrame>
      {retry.error && (
        <ProblemNotice problem={problemFrom(retry.error)} role="alert" className="sticky bottom-4 z-20 mt-4" />
      )}
    </>
  )
}

interface Ticks {
  readonly positions: readonly number[]
  readonly ticked: boolean
}

function withTicks(items: PlanPage['items'], { positions, ticked }: Ticks): PlanPage['items'] {
  return items.map((item) => (positions.includes(item.position) ? { ...item, ticked } : item))
}

/** Each tag in a row of its own, with the effect on its image. */
function tagRows(item: PlanPage['items'][number]): PlanPage['items'] {
  if (item.tags.length === 0) return [item]
  return item.tags.map((tag) => ({
    ...item,
    tags: [tag],
    removed: item.removed.filter((removed) => removed === tag),
    keptBy: item.keptBy,
  }))
}

function groupTitle(kind: ItemKind, { counts, plan }: PlanPage): string {
  const { imagesDeleted, imagesKept, created, repointed, labelled, protected: locked, skipped } = counts
  const unit = planUnit(plan.work)
  switch (kind) {
    case 'image':
      return plan.work === 'untagged'
        ? `Images to delete: ${plural(imagesDeleted.images, 'image')}`
        : `Images to delete: ${plural(imagesDeleted.images, 'image')}, ${plural(imagesDeleted.tags, 'tag')}`
    case 'tags':
      return `Only tags to remove: ${plural(imagesKept.images, 'image')}, ${plural(imagesKept.tags, 'tag')}. The images are kept.`
    case 'create':
      return `Tags to add: ${plural(created.tags, 'tag')}`
    case 'move':
      return `Tags to move: ${plural(repointed.tags, 'tag')} selected. Anyone who pulls them will get another image.`
    case 'label':
      return `Images to label: ${plural(labelled.images, 'image')}`
    case 'protected':
      return `Protected: ${plural(planCount(plan.work, locked), unit)}. A plan never overrides a rule; an admin can, for one tag at a time.`
    case 'skipped':
      return `Skipped: ${plural(planCount(plan.work, skipped), unit)}. ${plan.work === 'delete' ? 'Not safe to delete right now.' : ''}`
  }
}
